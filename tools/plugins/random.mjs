// @ts-check
import { randomResources } from "./lib/random-resources.mjs";
import { serve, tokenIn } from "./lib/serve.mjs";
import { versionOf } from "./lib/version.mjs";

serve({ name: "random", version: versionOf("random"), typeOf: tokenIn(randomResources) });
