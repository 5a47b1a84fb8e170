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
  const path = (/** @type {string} */ file) => join(folder, "pki", file);
  if (!existsSync(path("complete"))) {
    mkdirSync(join(folder, "pki"), { recursive: true, mode: 0o700 });
    const authority = newKey();
    const issuer = { name: distinguishedName({ commonName: `region ${name}` }), privateKey: authority };
    const issue = (
      /** @type {KeyObject} */ key,
      /** @type {object} */ subject,
      /** @type {object} */ alternatives,
      /** @type {object} */ terms,
    ) =>
      issueCertificate(
        {
          name: distinguishedName(subject),
          alternatives: alternativeNames(alternatives),
          publicKey: createPublicKey(key),
        },
        issuer,
        { ...defaultTerms, ...terms },
      ).certPem;
    const server = newKey();
    const admin = newKey();
    const made = {
      "ca.crt": issue(authority, { commonName: `region ${name}` }, {}, authorityTerms),
      "server.key": pem(server),
      "server.crt": issue(
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
        admin,
        { commonName: "admin", organization: "system:masters" },
        {},
        { allowedUses: ["digital_signature", "client_auth"] },
      ),
      "service-accounts.key": pem(newKey()),
      complete: "",
    };
    for (const [file, text] of Object.entries(made)) {
      writeFileSync(path(file), text, { mode: 0o600 });
    }
  }
  const read = (/** @type {string} */ file) => readFileSync(path(file), "utf8");
  return { ca: read("ca.crt"), certificate: read("admin.crt"), key: read("admin.key") };
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
