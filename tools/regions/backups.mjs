// @ts-check
// CloudNativePG's plugin barman-cloud, as a region is given it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleSource } from "./build/binaries.mjs";
import { IMAGES } from "./components.mjs";
import { ensurePluginPki } from "./pki.mjs";

// 0.15.0 needs modules that not every Go proxy has.
const PLUGIN = "github.com/cloudnative-pg/plugin-barman-cloud";
const SERVICE = "barman-cloud";

export const pluginNames = { namespace: "cnpg-system", deployment: `deployment/${SERVICE}` };

/**
 * The plugin's release, with the image that is made here, and the certificates that cert-manager would make.
 * @param {import("./plan.mjs").Region} region
 * @returns {Promise<string>}
 */
export async function pluginManifest(region) {
  const source = join(await moduleSource("binaries/barman-cloud", PLUGIN), "manifest.yaml");
  const objects = readFileSync(source, "utf8")
    .split(/^---\n/m)
    .filter((object) => !/^apiVersion: cert-manager\.io\//m.test(object))
    .map((object) =>
      object
        .replace(/SIDECAR_IMAGE: \|\n(?: {4}\S+\n)+/, `SIDECAR_IMAGE: ${base64(IMAGES.barmanCloud)}\n`)
        .replaceAll(/image: \S+\/plugin-barman-cloud\S*/g, `image: ${IMAGES.barmanCloud}`)
        .replaceAll(/initialDelaySeconds: \d+\n(\s+)periodSeconds: \d+/g, "periodSeconds: 1"),
    );
  const pairs = Object.entries(ensurePluginPki(region, SERVICE));
  const secrets = pairs.map(([end, pair]) => certificateSecret(`${SERVICE}-${end}-tls`, pair));
  return [...secrets, ...objects].join("---\n");
}

/** @param {string} name @param {{ certificate: string, key: string }} pair */
function certificateSecret(name, { certificate, key }) {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${pluginNames.namespace}
type: kubernetes.io/tls
data:
  tls.crt: ${base64(certificate)}
  tls.key: ${base64(key)}
`;
}

/** @param {string} text */
function base64(text) {
  return Buffer.from(text).toString("base64");
}
