/**
 * What the dynamic resources of `RegionalApp` do. Pulumi's engine loads this module in a process of its own.
 */
import "../needs";
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { migration as migrationProvider } from "./migration";
import { objects as objectsProvider } from "./objects";
import { rollout as rolloutProvider } from "./rollout";

export const migration = quiet(migrationProvider);
export const objects = quiet(objectsProvider);
export const rollout = quiet(rolloutProvider);

endWithEngine();
