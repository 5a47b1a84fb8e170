// @ts-check
import { serve } from "./lib/serve.mjs";
import { tlsResources } from "./lib/tls-resources.mjs";
import { versionOf } from "./lib/version.mjs";

serve({ name: "tls", version: versionOf("tls"), resources: tlsResources });
