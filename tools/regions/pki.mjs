// @ts-check
import { createPublicKey } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKey } from "../plugins/lib/keys.mjs";
import { alternativeNames, distinguishedName } from "../plugins/lib/names.mjs";
import { issueCertificate } from "../plugins/lib/x509.mjs";

/**
 * @typedef {import("./plan.mjs").Region} Region
 * @typedef {import("node:crypto").KeyObject} KeyObject
 */

const TEN_YEARS = 10 * 365 * 24;

/**
 * The keys and certificates of a region, made once: its API server, and the administrator that everything in the
 * region is, kubelet and controllers included.
 * @param {Region} region
 * @returns {import("./components.mjs").Credentials}
 */
export function ensurePki({ folder, name, address, hostname, apiService }) {
  const read = ensureFiles(folder, "complete", () => {
    const authority = newKey();
    const issuer = { name: distinguishedName({ commonName: `region ${name}` }), privateKey: authority };
    const server = newKey();
    const admin = newKey();
    return {
      "ca.crt": issue(issuer, authority, { commonName: `region ${name}` }, {}, authorityTerms),
      "server.key": pem(server),
      "server.crt": issue(
        issuer,
        server,
        { commonName: "kube-apiserver" },
        {
          dnsNames: [hostname, "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
          ipAddresses: ["127.0.0.1", address, apiService],
        },
        { allowedUses: ["digital_signature", "server_auth"] },
      ),
      "admin.key": pem(admin),
      "admin.crt": issue(
        issuer,
        admin,
        { commonName: "admin", organization: "system:masters" },
        {},
        { allowedUses: ["digital_signature", "client_auth"] },
      ),
      "service-accounts.key": pem(newKey()),
    };
  });
  return { ca: read("ca.crt"), certificate: read("admin.crt"), key: read("admin.key") };
}

/**
 * The certificates by which the operator and one of its plugins know each other, made once: each is its own
 * authority, as upstream's are.
 * @param {Region} region
 * @param {string} service the plugin's
 * @returns {Record<"server" | "client", { certificate: string, key: string }>}
 */
export function ensurePluginPki({ folder }, service) {
  const read = ensureFiles(folder, `${service}-complete`, () => {
    const ends = /** @type {const} */ ({ server: "server_auth", client: "client_auth" });
    return Object.fromEntries(
      Object.entries(ends).flatMap(([end, use]) => {
        const key = newKey();
        const subject = { commonName: `${service}-${end}` };
        const issuer = { name: distinguishedName(subject), privateKey: key };
        const terms = { allowedUses: ["digital_signature", use] };
        return [
          [`${service}-${end}.key`, pem(key)],
          [`${service}-${end}.crt`, issue(issuer, key, subject, { dnsNames: [service] }, terms)],
        ];
      }),
    );
  });
  const pair = (/** @type {string} */ end) => ({
    certificate: read(`${service}-${end}.crt`),
    key: read(`${service}-${end}.key`),
  });
  return { server: pair("server"), client: pair("client") };
}

/**
 * Files of a region's folder `pki`, all of which are there or none.
 * @param {string} folder the region's
 * @param {string} complete the file that is written last
 * @param {() => Record<string, string>} make
 */
function ensureFiles(folder, complete, make) {
  const path = (/** @type {string} */ file) => join(folder, "pki", file);
  if (!existsSync(path(complete))) {
    mkdirSync(join(folder, "pki"), { recursive: true, mode: 0o700 });
    for (const [file, text] of Object.entries({ ...make(), [complete]: "" })) {
      writeFileSync(path(file), text, { mode: 0o600 });
    }
  }
  return (/** @type {string} */ file) => readFileSync(path(file), "utf8");
}

/**
 * @param {{ name: import("@peculiar/asn1-x509").Name, privateKey: KeyObject }} issuer
 * @param {KeyObject} key
 * @param {object} subject
 * @param {object} alternatives
 * @param {object} terms
 */
function issue(issuer, key, subject, alternatives, terms) {
  const holder = {
    name: distinguishedName(subject),
    alternatives: alternativeNames(alternatives),
    publicKey: createPublicKey(key),
  };
  return issueCertificate(holder, issuer, { ...defaultTerms, ...terms }).certPem;
}

const defaultTerms = {
  validityPeriodHours: TEN_YEARS,
  isCaCertificate: false,
  maxPathLength: -1,
  setSubjectKeyId: true,
  /** @type {string[]} */
  allowedUses: [],
};

const authorityTerms = { isCaCertificate: true, allowedUses: ["cert_signing", "digital_signature"] };

function newKey() {
  return generateKey({ algorithm: "ECDSA", rsaBits: 2048, ecdsaCurve: "P256" });
}

/** @param {KeyObject} key */
function pem(key) {
  // The API server reads the keys of service accounts in no other encoding.
  return key.export({ type: "sec1", format: "pem" }).toString();
}
