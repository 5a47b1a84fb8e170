// @ts-check
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * @param {string} name a provider's
 * @returns {string} the version of its installed SDK, which is that of the plugin the engine asks for
 */
export function versionOf(name) {
  return require(`@pulumi/${name}/package.json`).version;
}
