import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SecretsArgs } from "../../src/secrets/args";
import { testFolder } from "./folder";

/** Secrets for tests that are about something else: without any to generate, each update takes a fifth less. */
export async function broughtSecrets(regions: readonly string[]): Promise<SecretsArgs> {
  // One certificate serves as the authority, in every region, and to the readers.
  const certificate = await selfSigned("streaming_replica");
  return {
    ca: certificate,
    serverCertificates: Object.fromEntries(regions.map((region) => [region, certificate])),
    replicationCertificate: certificate,
    passwords: Object.fromEntries(
      ["postgres", "app", "streaming_replica"].map((role) => [role, `password of ${role}`]),
    ),
  };
}

/** A certificate that is its own authority. */
export async function selfSigned(
  commonName: string,
  names = "DNS:localhost,IP:127.0.0.1,IP:::1",
): Promise<{ certificate: string; privateKey: string }> {
  const folder = await mkdtemp(join(testFolder(), "certificate-"));
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  try {
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-subj", `/CN=${commonName}`],
      ...["-addext", `subjectAltName=${names}`],
    ]);
    return { certificate: await readFile(certificate, "utf8"), privateKey: await readFile(key, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}
