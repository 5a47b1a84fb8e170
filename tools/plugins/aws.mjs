// @ts-check
import { diffProvider } from "./aws/config.mjs";
import { functionsOf } from "./aws/functions.mjs";
import { Provider } from "./aws/provider.mjs";
import { typeIn } from "./aws/types.mjs";
import { engineAt } from "./lib/engine.mjs";
import { serve } from "./lib/serve.mjs";
import { versionOf } from "./lib/version.mjs";

// The engine would show it to whoever runs an update, and nobody could do anything about it.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const engine = engineAt(process.argv.at(2));
const cancellation = new AbortController();
const { signal } = cancellation;
/** @type {Provider | undefined} */
let provider;

serve({
  name: "aws",
  version: versionOf("aws"),
  autonames: true,
  checkConfig: (config) => Provider.check(config),
  diffConfig: diffProvider,
  async configure(config) {
    provider = await Provider.configure(config, signal);
  },
  functions: functionsOf(configured),
  cancel: () => cancellation.abort(),
  typeOf: (token) => typeIn(token, { provider: configured(), engine, signal }),
});

/** @returns {Provider} */
function configured() {
  if (provider === undefined) {
    throw new Error("the provider has not been configured");
  }
  return provider;
}
