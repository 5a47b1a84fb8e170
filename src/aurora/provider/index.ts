/**
 * What the dynamic resources of `AuroraPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import "../needs";
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { handover as handoverProvider } from "./handover";
import { password as passwordProvider } from "./password";
import { refusal as refusalProvider } from "./refusal";

export const handover = quiet(handoverProvider);
export const password = quiet(passwordProvider);
export const refusal = quiet(refusalProvider);

endWithEngine();
