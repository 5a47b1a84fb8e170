// @ts-check
import { createHash } from "node:crypto";
import { dnsSuffixOf, partitionOf } from "../regions.mjs";

/**
 * MiniStack says "localhost" as soon as there is an instance. On AWS a name never changes, and its middle is the
 * same for all databases of an account in a region.
 * @param {import("../definition.mjs").Call} call
 * @param {string} name what comes before
 */
export async function endpointOf(call, name) {
  const account = await call.provider.accountId();
  const unique = createHash("sha256").update(`${account} ${call.region}`).digest("hex").slice(0, 12);
  const host = `${call.region}.rds.${dnsSuffixOf(partitionOf(call.region))}`;
  return name.includes(".") ? `${name}-${unique}.${host}` : `${name}.${unique}.${host}`;
}
