// @ts-check
// What is put into the Kubernetes of a region, and when it is ready.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { interrupted, Stop } from "../bootstrap/exit.mjs";
import { run } from "../bootstrap/process.mjs";
import { pluginManifest, pluginNames } from "./backups.mjs";
import { moduleSource } from "./build/binaries.mjs";
import { CONTAINERD_SOCKET, IMAGES } from "./components.mjs";
import { beside } from "./region.mjs";

/** @typedef {import("./plan.mjs").Region} Region */

/**
 * @typedef {object} Built
 * @property {Readonly<Record<string, string>>} binaries
 * @property {Record<string, string>} archives
 * @property {string} manifests
 * @property {boolean} backups whether there is to be the plugin for them
 */

const OPERATOR = "github.com/cloudnative-pg/cloudnative-pg";
const PATIENCE = 180_000;

/**
 * @param {Region} region
 * @param {Built} built
 * @param {(text: string) => void} say
 */
export async function furnish(region, { binaries, archives, manifests, backups }, say) {
  const kubectl = (/** @type {string[]} */ ...args) =>
    run(/** @type {string} */ (binaries["kubectl"]), [`--kubeconfig=${region.kubeconfig}`, ...args]);
  const file = join(region.folder, "manifests.yaml");
  const all = backups ? [manifests, await pluginManifest(region)].join("---\n") : manifests;
  writeFileSync(file, all, { mode: 0o600 });

  const importing = importImages(region, archives);
  importing.catch(() => {}); // it is awaited below
  await until(region, "the API server answers", "kube-apiserver", () => kubectl("get", "--raw=/readyz"));
  say("the API server answers");
  await until(region, "the manifests are applied", "kube-apiserver", () =>
    kubectl("apply", "--server-side", "--force-conflicts", `--filename=${file}`),
  );
  await importing;
  say("the images are there");
  await until(region, "the node is ready", "kubelet", () =>
    kubectl("wait", "node", region.name, "--for=condition=Ready", "--timeout=5s"),
  );
  say("the node is ready");
  // What the API server remembers may be from before a power cut: the operator itself has to look at a cluster.
  const probe = join(region.folder, "probe.yaml");
  writeFileSync(probe, smallestCluster);
  await until(region, "the operator answers", "kubelet", () =>
    kubectl("create", "--dry-run=server", `--filename=${probe}`),
  );
  if (backups) {
    const { namespace, deployment } = pluginNames;
    await until(region, "the plugin for backups is available", "kubelet", () =>
      kubectl("wait", `--namespace=${namespace}`, deployment, "--for=condition=Available", "--timeout=5s"),
    );
  }
}

/** @param {Region} region @param {Record<string, string>} archives */
async function importImages(region, archives) {
  const ctr = (/** @type {string[]} */ ...args) => {
    const [program, ...rest] = beside(
      region,
      "ctr",
      `--address=${CONTAINERD_SOCKET}`,
      "--namespace=k8s.io",
      ...args,
    );
    return run(/** @type {string} */ (program), rest);
  };
  const there = await until(region, "containerd answers", "containerd", () =>
    ctr("images", "list", "--quiet"),
  );
  for (const [image, archive] of Object.entries(archives)) {
    if (!there.split("\n").includes(image)) await ctr("images", "import", archive);
  }
}

/**
 * What every region is given: the operator and storage.
 * @returns {Promise<string>}
 */
export async function clusterManifests() {
  return [await operatorManifest(), operatorDefaults, volumes].join("---\n");
}

/**
 * The operator's release, with the image that is made here.
 * @returns {Promise<string>}
 */
export async function operatorManifest() {
  const version = IMAGES.operator.split(":").at(-1);
  const source = join(await moduleSource("binaries/cnpg", OPERATOR), "releases", `cnpg-${version}.yaml`);
  return readFileSync(source, "utf8")
    .replaceAll(/\S+\/cloudnative-pg:[\d.]+/g, IMAGES.operator)
    .replaceAll("imagePullPolicy: Always", "imagePullPolicy: IfNotPresent");
}

const operatorDefaults = `apiVersion: v1
kind: ConfigMap
metadata:
  name: cnpg-controller-manager-config
  namespace: cnpg-system
data:
  POSTGRES_IMAGE_NAME: ${IMAGES.postgres[17]}
  PGBOUNCER_IMAGE_NAME: ${IMAGES.pgbouncer}
`;

const smallestCluster = `apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  generateName: probe-
  namespace: default
spec:
  instances: 1
  storage:
    size: 1Gi
`;

const volumes = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations:
    storageclass.kubernetes.io/is-default-class: "true"
provisioner: rancher.io/local-path
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: local-path-config
  namespace: kube-system
data:
  setup: |
    #!/bin/sh
    set -eu
    mkdir -m 0777 -p "$VOL_DIR"
  teardown: |
    #!/bin/sh
    set -eu
    rm -rf "$VOL_DIR"
`;

/**
 * Tries until something succeeds, and says what it was that never did.
 * @param {Region} region
 * @param {string} what
 * @param {string} component whose log tells more
 * @param {() => Promise<string>} attempt
 */
async function until({ name, folder }, what, component, attempt) {
  for (const end = Date.now() + PATIENCE; ; await sleep(300, undefined, { signal: interrupted })) {
    try {
      return await attempt();
    } catch (error) {
      interrupted.throwIfAborted();
      if (Date.now() < end) continue;
      throw new Stop(
        `${name}: not after ${PATIENCE / 1000} s that ${what}. See ${join(folder, "log", `${component}.log`)}\n` +
          `${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
