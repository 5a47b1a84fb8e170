// @ts-check
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";

/** @typedef {{ context?: string, cluster?: string, namespace?: string }} Overrides */

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/**
 * @param {string} pathOrContents of a kubeconfig
 * @returns {KubeConfig}
 */
export function parseKubeconfig(pathOrContents) {
  const path = pathOrContents.replace(/^~(?=$|\/)/, homedir());
  const text = existsSync(path) ? readFileSync(path, "utf8") : pathOrContents;
  const parsed = /** @type {unknown} */ (parse(text));
  if (parsed !== undefined && parsed !== null && typeof parsed !== "object") {
    throw new Error(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof parsed} into Go value of ` +
        'type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string ' +
        '"json:\\"kind,omitempty\\"" }',
    );
  }
  const kubeconfig = new KubeConfig();
  if (parsed) {
    kubeconfig.loadFromString(text, { onInvalidEntry: "filter" });
  }
  return kubeconfig;
}

/**
 * What kubectl would use: the files of KUBECONFIG, where the first to say something is right, or that of the
 * user, or the service account of the pod that this runs in.
 * @param {NodeJS.ProcessEnv} env
 * @returns {KubeConfig}
 */
export function ambientKubeconfig(env) {
  const files = env["KUBECONFIG"]
    ? env["KUBECONFIG"].split(delimiter).filter(Boolean)
    : [join(homedir(), ".kube", "config")];
  const merged = new KubeConfig();
  for (const file of files.filter((path) => existsSync(path))) {
    const kubeconfig = parseFile(file);
    merged.clusters.push(...kubeconfig.clusters.filter(({ name }) => !merged.getCluster(name)));
    merged.users.push(...kubeconfig.users.filter(({ name }) => !merged.getUser(name)));
    merged.contexts.push(...kubeconfig.contexts.filter(({ name }) => !merged.getContextObject(name)));
    merged.setCurrentContext(merged.getCurrentContext() || kubeconfig.getCurrentContext());
  }
  if (isEmpty(merged) && env["KUBERNETES_SERVICE_HOST"] && existsSync(SERVICE_ACCOUNT_TOKEN)) {
    merged.loadFromCluster();
  }
  return merged;
}

/** @param {string} file */
function parseFile(file) {
  try {
    const kubeconfig = parseKubeconfig(file);
    kubeconfig.makePathsAbsolute(dirname(file));
    return kubeconfig;
  } catch (error) {
    throw new Error(
      `error loading config file "${file}": ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * @param {KubeConfig} kubeconfig
 * @param {Overrides} overrides
 * @returns {string}
 */
export function namespaceOf(kubeconfig, { context, namespace }) {
  const used = kubeconfig.getContextObject(context || kubeconfig.getCurrentContext());
  return namespace || used?.namespace || "default";
}

/**
 * @param {KubeConfig} kubeconfig
 * @param {Overrides} overrides
 * @returns {KubeConfig} whose current context is the one to use
 */
export function resolved(kubeconfig, { context: wantedContext, cluster: wantedCluster }) {
  if (isEmpty(kubeconfig)) {
    throw new Error(
      "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    );
  }
  const name = wantedContext || kubeconfig.getCurrentContext();
  const context = kubeconfig.getContextObject(name);
  if (!context && name) {
    throw new Error(`context "${name}" does not exist`);
  }
  const cluster = kubeconfig.getCluster(wantedCluster || context?.cluster || "");
  if (!cluster && wantedCluster) {
    throw new Error(`cluster "${wantedCluster}" does not exist`);
  }
  if (!cluster) {
    throw new Error(
      "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    );
  }
  const user = kubeconfig.getUser(context?.user ?? "");
  const result = new KubeConfig();
  result.loadFromOptions({
    // Without TLS there is nothing to verify, which the client wants to hear.
    clusters: [{ ...cluster, skipTLSVerify: cluster.skipTLSVerify || cluster.server.startsWith("http:") }],
    users: user ? [user] : [],
    contexts: [{ ...context, name: "used", cluster: cluster.name, user: user?.name ?? "" }],
    currentContext: "used",
  });
  return result;
}

/** @param {KubeConfig} kubeconfig */
const isEmpty = (kubeconfig) => kubeconfig.clusters.length === 0 && kubeconfig.contexts.length === 0;

/**
 * The settings of the cluster that a kubeconfig leads to, which is all that tells clusters apart.
 * @param {KubeConfig} kubeconfig
 * @param {Overrides} overrides
 */
export function activeCluster(kubeconfig, { context: wantedContext, cluster: wantedCluster }) {
  const context = kubeconfig.getContextObject(wantedContext ?? kubeconfig.getCurrentContext());
  return context ? (kubeconfig.getCluster(wantedCluster ?? context.cluster) ?? undefined) : undefined;
}
