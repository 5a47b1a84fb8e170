// @ts-check
import { randomBytes } from "node:crypto";

/**
 * @typedef {import("node:crypto").KeyObject} KeyObject
 * @typedef {{ type: string, blob: Buffer }} SshPublicKey
 */

/** SSH's names of the curves, by Node's; SSH has none for P-224. */
const SSH_CURVES = /** @type {Record<string, string>} */ ({
  prime256v1: "nistp256",
  secp384r1: "nistp384",
  secp521r1: "nistp521",
});

/**
 * @param {KeyObject} publicKey
 * @returns {SshPublicKey | undefined} nothing for a key that SSH does not support
 */
export function sshPublicKey(publicKey) {
  if (publicKey.asymmetricKeyType === "rsa") {
    const { e, n } = publicKey.export({ format: "jwk" });
    return encoded("ssh-rsa", [integer(e), integer(n)]);
  }
  if (publicKey.asymmetricKeyType === "ed25519") {
    return encoded("ssh-ed25519", [text(bytes(publicKey.export({ format: "jwk" }).x))]);
  }
  const curve = SSH_CURVES[publicKey.asymmetricKeyDetails?.namedCurve ?? ""];
  if (curve === undefined) {
    return undefined;
  }
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  return encoded(`ecdsa-sha2-${curve}`, [text(curve), text(point)]);
}

/**
 * @param {KeyObject} key
 * @param {SshPublicKey} ssh its public key
 * @returns {string} the key in OpenSSH's own format, PROTOCOL.key
 */
export function opensshPrivateKey(key, ssh) {
  const check = randomBytes(4);
  const comment = text("");
  const secrets = Buffer.concat([check, check, text(ssh.type), privateFields(key, ssh), comment]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (secrets.length % 8)) % 8 }, (_, index) => index + 1),
  );
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    uint32(1),
    text(ssh.blob),
    text(Buffer.concat([secrets, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

/**
 * @param {KeyObject} key
 * @param {SshPublicKey} ssh
 */
function privateFields(key, ssh) {
  const { n, e, d, p, q, qi, x } = key.export({ format: "jwk" });
  switch (key.asymmetricKeyType) {
    case "rsa":
      return Buffer.concat([n, e, d, qi, p, q].map(integer));
    case "ed25519":
      return Buffer.concat([text(bytes(x)), text(Buffer.concat([bytes(d), bytes(x)]))]);
    default: {
      const afterType = ssh.blob.subarray(4 + ssh.type.length);
      return Buffer.concat([afterType, integer(d)]);
    }
  }
}

/**
 * @param {string} type
 * @param {Buffer[]} fields
 * @returns {SshPublicKey}
 */
function encoded(type, fields) {
  return { type, blob: Buffer.concat([text(type), ...fields]) };
}

/** @param {string | undefined} base64url */
const bytes = (base64url) => Buffer.from(base64url ?? "", "base64url");

/** @param {number} value */
function uint32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

/** @param {string | Buffer} value */
function text(value) {
  const buffer = Buffer.from(value);
  return Buffer.concat([uint32(buffer.length), buffer]);
}

/**
 * @param {string | undefined} base64url an unsigned number
 * @returns {Buffer} SSH's mpint: without leading zeros, save one in front of a high bit
 */
function integer(base64url) {
  const digits = bytes(base64url);
  const start = digits.findIndex((byte) => byte !== 0);
  const short = digits.subarray(Math.max(start, 0));
  return text(short[0] & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}
