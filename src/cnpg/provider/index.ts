/**
 * What the dynamic resources of `CnpgPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import { endWithEngine } from "../../engine-watch";

export { founding } from "./founding";
export { handover } from "./handover";
export { poolers } from "./poolers";
export { preflight } from "./preflight";
export { replication } from "./replication";

endWithEngine();
