// @ts-check
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { opensshPrivateKey, sshPublicKey } from "./openssh.mjs";

/** @typedef {import("node:crypto").KeyObject} KeyObject */

export const ALGORITHMS = /** @type {const} */ (["RSA", "ECDSA", "ED25519"]);

/** Node's names of the curves, by those of the provider. */
export const CURVES = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

/**
 * @param {{ algorithm: string, rsaBits: number, ecdsaCurve: keyof typeof CURVES }} options
 * @returns {KeyObject}
 */
export function generateKey({ algorithm, rsaBits, ecdsaCurve }) {
  switch (algorithm) {
    case "RSA":
      return generateKeyPairSync("rsa", { modulusLength: rsaBits }).privateKey;
    case "ECDSA":
      return generateKeyPairSync("ec", { namedCurve: CURVES[ecdsaCurve] }).privateKey;
    default:
      return generateKeyPairSync("ed25519").privateKey;
  }
}

/**
 * @param {string} pem
 * @param {string} property the name of the input, for the error
 * @returns {KeyObject}
 */
export function parsePrivateKey(pem, property) {
  try {
    const key = createPrivateKey(pem);
    algorithmOf(key);
    return key;
  } catch (error) {
    throw new Error(`failed to parse ${property}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/**
 * @param {KeyObject} key
 * @returns {(typeof ALGORITHMS)[number]}
 */
export function algorithmOf(key) {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return "RSA";
    case "ec":
      return "ECDSA";
    case "ed25519":
      return "ED25519";
    default:
      throw new Error(`unsupported private key type ${key.asymmetricKeyType}`);
  }
}

/**
 * @param {KeyObject} key a private one
 * @returns {{ id: string } & Record<string, string>} everything that the provider tells of it
 */
export function keyOutputs(key) {
  const publicKey = createPublicKey(key);
  const der = publicKey.export({ type: "spki", format: "der" });
  const ssh = sshPublicKey(publicKey);
  return {
    id: createHash("sha1").update(der).digest("hex"),
    privateKeyPem: traditionalPem(key),
    privateKeyPemPkcs8: pem(key, "pkcs8"),
    privateKeyOpenssh: ssh === undefined ? "" : opensshPrivateKey(key, ssh),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    publicKeyOpenssh: ssh === undefined ? "" : `${ssh.type} ${ssh.blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: ssh === undefined ? "" : md5Fingerprint(ssh.blob),
    publicKeyFingerprintSha256: ssh === undefined ? "" : sha256Fingerprint(ssh.blob),
  };
}

/** @param {KeyObject} key */
function traditionalPem(key) {
  switch (algorithmOf(key)) {
    case "RSA":
      return pem(key, "pkcs1");
    case "ECDSA":
      return pem(key, "sec1");
    default:
      return pem(key, "pkcs8");
  }
}

/**
 * @param {KeyObject} key
 * @param {"pkcs1" | "pkcs8" | "sec1"} type
 */
function pem(key, type) {
  return key.export({ type: /** @type {any} */ (type), format: "pem" }).toString();
}

/** @param {Buffer} blob */
function md5Fingerprint(blob) {
  const hex = createHash("md5").update(blob).digest("hex");
  return (hex.match(/../g) ?? []).join(":");
}

/** @param {Buffer} blob */
function sha256Fingerprint(blob) {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
