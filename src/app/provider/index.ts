/**
 * What the dynamic resources of `RegionalApp` do. Pulumi's engine loads this module in a process of its own.
 */
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { migration as migrationProvider } from "./migration";
import { rollout as rolloutProvider } from "./rollout";

export const migration = quiet(migrationProvider);
export const rollout = quiet(rolloutProvider);
export { migration } from "./migration";
export { objects } from "./objects";
export { rollout } from "./rollout";

endWithEngine();
