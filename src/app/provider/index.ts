/**
 * What the dynamic resources of `RegionalApp` do. Pulumi's engine loads this module in a process of its own.
 */
import { endWithEngine } from "../../engine-watch";

export { migration } from "./migration";
export { rollout } from "./rollout";

endWithEngine();
