/**
 * What the dynamic resources of `CnpgPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import "../needs";
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { founding as foundingProvider } from "./founding";
import { handover as handoverProvider } from "./handover";
import { poolers as poolersProvider } from "./poolers";
import { preflight as preflightProvider } from "./preflight";
import { replication as replicationProvider } from "./replication";

export const founding = quiet(foundingProvider);
export const handover = quiet(handoverProvider);
export const poolers = quiet(poolersProvider);
export const preflight = quiet(preflightProvider);
export const replication = quiet(replicationProvider);

endWithEngine();
