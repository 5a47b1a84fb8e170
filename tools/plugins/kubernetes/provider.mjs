// @ts-check
import { Cluster } from "./cluster.mjs";
import { Connection } from "./connection.mjs";
import { ambientKubeconfig, namespaceOf, parseKubeconfig, resolved } from "./kubeconfig.mjs";
import { knownScope } from "./kinds.mjs";
import { optionsFrom } from "./options.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./options.mjs").Options} Options
 * @typedef {import("./cluster.mjs").Type} Type
 * @typedef {import("@kubernetes/client-node").KubeConfig} KubeConfig
 * @typedef {{ cluster: Cluster } | { unreachable: string }} Access to the cluster, or why there is none
 */

/** A configured provider: its options, and the cluster that they lead to. */
export class Provider {
  /** @type {Map<string, boolean>} the scopes that the program's own CustomResourceDefinitions give to kinds */
  #defined = new Map();

  /**
   * @param {Options} options
   * @param {Access} access
   * @param {string} namespace for objects that name none
   */
  constructor(options, access, namespace) {
    this.options = options;
    this.access = access;
    this.namespace = namespace;
  }

  /**
   * @param {Properties} config
   * @param {NodeJS.ProcessEnv} env
   * @param {AbortSignal} signal
   */
  static async configure(config, env, signal) {
    const options = optionsFrom(config, env);
    let namespace = options.namespace;
    try {
      const kubeconfig = kubeconfigOf(options, env);
      namespace = namespaceOf(kubeconfig, options);
      return new Provider(options, await access(kubeconfig, options, signal), namespace);
    } catch (error) {
      return new Provider(options, { unreachable: textOf(error) }, namespace);
    }
  }

  /** @returns {string | undefined} */
  get unreachable() {
    return "unreachable" in this.access ? this.access.unreachable : undefined;
  }

  /** @returns {Cluster} */
  get cluster() {
    if ("unreachable" in this.access) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${this.access.unreachable}`);
    }
    return this.access.cluster;
  }

  /**
   * @param {Type} type
   * @returns {Promise<boolean>} also for a kind that does not exist yet, which most probably will be
   */
  async isNamespaced(type) {
    const known = knownScope(type.kind) ?? this.#defined.get(`${type.apiVersion}/${type.kind}`);
    if (known !== undefined || this.unreachable !== undefined) {
      return known ?? true;
    }
    return this.cluster.isNamespaced(type).catch(() => true);
  }

  /**
   * @param {Type} type
   * @returns {Promise<boolean>}
   */
  async serves(type) {
    return this.unreachable === undefined && this.cluster.serves(type).catch(() => false);
  }

  /**
   * Remembers what a CustomResourceDefinition will make of a kind.
   * @param {Properties} definition
   */
  define({ spec }) {
    for (const { name } of Array.isArray(spec?.versions) ? spec.versions : []) {
      this.#defined.set(`${spec.group}/${name}/${spec.names?.kind}`, spec.scope === "Namespaced");
    }
  }
}

/**
 * @param {Options} options
 * @param {NodeJS.ProcessEnv} env
 * @returns {KubeConfig}
 */
function kubeconfigOf({ kubeconfig }, env) {
  if (kubeconfig === "") {
    try {
      return ambientKubeconfig(env);
    } catch (error) {
      throw unusable(error);
    }
  }
  try {
    return parseKubeconfig(kubeconfig);
  } catch (error) {
    throw new Error(`failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${textOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * @param {KubeConfig} kubeconfig
 * @param {Options} options
 * @param {AbortSignal} signal
 * @returns {Promise<Access>}
 */
async function access(kubeconfig, options, signal) {
  /** @type {KubeConfig} */
  let used;
  try {
    used = resolved(kubeconfig, options);
  } catch (error) {
    throw unusable(error);
  }
  const cluster = new Cluster(new Connection(used, signal));
  try {
    await cluster.reach();
  } catch (error) {
    throw new Error(`unable to load schema information from the API server: ${textOf(error)}`, {
      cause: error,
    });
  }
  return { cluster };
}

/** @param {unknown} error */
const unusable = (error) =>
  new Error(
    "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n" +
      " \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n" +
      ` ${textOf(error)}`,
    { cause: error },
  );

/** @param {unknown} error */
const textOf = (error) => (error instanceof Error ? error.message : String(error));
