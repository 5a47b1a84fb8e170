import { createHash, createHmac, pbkdf2 as pbkdf2Callback, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const pbkdf2 = promisify(pbkdf2Callback);

const iterations = 4096;

/**
 * What PostgreSQL keeps instead of a password. Made here, so that no password is ever in a statement that a
 * server could log.
 */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const salted = await pbkdf2(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const storedKey = createHash("sha256").update(hmac(salted, "Client Key")).digest("base64");
  const serverKey = hmac(salted, "Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

/** Whether a verifier that `scramVerifier` made is of this password. */
export async function isVerifierOf(password: string, verifier: string | null): Promise<boolean> {
  const salt = /^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(verifier ?? "")?.[1];
  return salt !== undefined && (await scramVerifier(password, Buffer.from(salt, "base64"))) === verifier;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
