/**
 * What the dynamic resources of `AuroraPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
import "../needs";
import { endWithEngine } from "../../engine-watch";
import { quiet } from "../../quiet-provider";
import { handover as handoverProvider } from "./handover";
import { password as passwordProvider } from "./password";

export const handover = quiet(handoverProvider);
export const password = quiet(passwordProvider);

// The engine would print it with every update: which Node.js runs is not ours to decide.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

endWithEngine();
