import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KeyPairArgs } from "../../src/secrets/args";
import { testFolder } from "./folder";
import { selfSigned } from "./secrets";

/** A certificate authority of a test, which signs certificates of servers on this machine. */
export class TestAuthority {
  private constructor(
    readonly pair: KeyPairArgs & { readonly certificate: string; readonly privateKey: string },
  ) {}

  static async create(name: string): Promise<TestAuthority> {
    return new TestAuthority(await selfSigned(name));
  }

  /** Each call makes another key and another certificate. */
  async issue(
    commonName: string,
    names = "DNS:localhost,IP:127.0.0.1,IP:::1",
  ): Promise<{ certificate: string; privateKey: string }> {
    const folder = await mkdtemp(join(testFolder(), "certificate-"));
    const file = (name: string) => join(folder, name);
    try {
      await writeFile(file("ca.pem"), this.pair.certificate);
      await writeFile(file("ca.key"), this.pair.privateKey, { mode: 0o600 });
      await writeFile(file("names"), `subjectAltName=${names}\nauthorityKeyIdentifier=keyid\n`);
      await openssl([
        ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...["-keyout", file("key.pem"), "-out", file("request.pem"), "-subj", `/CN=${commonName}`],
      ]);
      await openssl([
        ...["x509", "-req", "-in", file("request.pem"), "-CA", file("ca.pem"), "-CAkey", file("ca.key")],
        ...["-set_serial", `0x${Date.now().toString(16)}`, "-extfile", file("names")],
        ...["-out", file("certificate.pem")],
      ]);
      return {
        certificate: await readFile(file("certificate.pem"), "utf8"),
        privateKey: await readFile(file("key.pem"), "utf8"),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

async function openssl(args: string[]): Promise<void> {
  await promisify(execFile)("openssl", args);
}
