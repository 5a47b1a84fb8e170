// @ts-check
import { randomResources } from "./lib/random-resources.mjs";
import { serve } from "./lib/serve.mjs";
import { versionOf } from "./lib/version.mjs";

serve({ name: "random", version: versionOf("random"), resources: randomResources });
