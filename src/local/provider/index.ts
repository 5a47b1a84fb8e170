/**
 * What the dynamic resources of `LocalPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { handover as handoverProvider } from "./handover";
import { replication as replicationProvider } from "./replication";
import { server as serverProvider } from "./server";

export const handover = quiet(handoverProvider);
export const replication = quiet(replicationProvider);
export const server = quiet(serverProvider);

endWithEngine();
