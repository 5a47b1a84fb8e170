// @ts-check
import { serve, tokenIn } from "./lib/serve.mjs";
import { tlsResources } from "./lib/tls-resources.mjs";
import { versionOf } from "./lib/version.mjs";

serve({ name: "tls", version: versionOf("tls"), typeOf: tokenIn(tlsResources) });
