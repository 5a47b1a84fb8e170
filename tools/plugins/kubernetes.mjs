// @ts-check
import { constructManifests } from "./kubernetes/manifests.mjs";
import { Provider } from "./kubernetes/provider.mjs";
import { diffProvider } from "./kubernetes/provider-diff.mjs";
import { objectsOf } from "./kubernetes/resources.mjs";
import { parseToken } from "./kubernetes/type-token.mjs";
import { decodeYaml } from "./kubernetes/yaml.mjs";
import { engineAt } from "./lib/engine.mjs";
import { serve } from "./lib/serve.mjs";
import { versionOf } from "./lib/version.mjs";

const version = versionOf("kubernetes");
const engine = engineAt(process.argv.at(2));
const cancellation = new AbortController();
const { signal } = cancellation;
/** @type {Provider | undefined} */
let provider;

serve({
  name: "kubernetes",
  version,
  acceptsSecrets: true,
  autonames: true,
  diffConfig: diffProvider,
  async configure(config) {
    provider = await Provider.configure(config, process.env, signal);
  },
  functions: { "kubernetes:yaml:decode": (args) => decodeYaml(configured(), args) },
  construct: (construction) => constructManifests(configured(), engine.warn, construction, version),
  cancel: () => cancellation.abort(),
  typeOf(token) {
    const type = parseToken(token);
    return type && objectsOf({ provider: configured(), type, engine, signal });
  },
});

/** @returns {Provider} */
function configured() {
  if (provider === undefined) {
    throw new Error("the provider has not been configured");
  }
  return provider;
}
