/**
 * What the dynamic resources of `LocalPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import { endWithEngine } from "../../engine-watch";

export { handover } from "./handover";
export { replication } from "./replication";
export { server } from "./server";

endWithEngine();
