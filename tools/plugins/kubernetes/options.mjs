// @ts-check

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 *
 * @typedef {object} Options of the provider
 * @property {string} kubeconfig
 * @property {string} context
 * @property {string} cluster
 * @property {string} namespace
 * @property {boolean} deleteUnreachable
 * @property {boolean} skipUpdateUnreachable
 * @property {boolean} upsertExistingObjects
 * @property {boolean | undefined} enablePatchForce
 * @property {boolean} enableConfigMapMutable
 * @property {boolean} enableSecretMutable
 */

/**
 * @param {Properties} config in which the SDK gives every value as a text
 * @param {NodeJS.ProcessEnv} env
 * @returns {Options}
 */
export function optionsFrom(config, env) {
  refuseUnsupported(config, env);
  /** @param {string} key */
  const text = (key) => (typeof config[key] === "string" ? config[key] : "");
  return {
    kubeconfig: isObject(config["kubeconfig"]) ? JSON.stringify(config["kubeconfig"]) : text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    deleteUnreachable: flag(config, env, "deleteUnreachable") ?? false,
    skipUpdateUnreachable: flag(config, env, "skipUpdateUnreachable") ?? false,
    upsertExistingObjects: flag(config, env, "upsertExistingObjects") ?? false,
    enablePatchForce: flag(config, env, "enablePatchForce"),
    enableConfigMapMutable: flag(config, env, "enableConfigMapMutable") ?? false,
    enableSecretMutable: flag(config, env, "enableSecretMutable") ?? false,
  };
}

/**
 * @param {Properties} config
 * @param {NodeJS.ProcessEnv} env
 */
function refuseUnsupported(config, env) {
  if (flag(config, env, "enableServerSideApply") === false) {
    throw new Error(
      "enableServerSideApply is false, but the stand-in for the kubernetes plugin only has Server-Side Apply",
    );
  }
  for (const key of ["renderYamlToDirectory", "alwaysRender"]) {
    if (config[key] && config[key] !== "false") {
      throw new Error(`${key} is set, but the stand-in for the kubernetes plugin cannot render YAML`);
    }
  }
}

/** How the environment names the options that are not just their names in capitals. */
const VARIABLES = /** @type {Record<string, string>} */ ({
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
});

/**
 * @param {Properties} config
 * @param {NodeJS.ProcessEnv} env
 * @param {string} key
 * @returns {boolean | undefined}
 */
function flag(config, env, key) {
  const variable = VARIABLES[key] ?? `PULUMI_K8S_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
  const value = config[key] ?? env[variable];
  return value === undefined ? undefined : String(value) === "true";
}

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null;
