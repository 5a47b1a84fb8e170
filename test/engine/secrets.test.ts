import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { checkServerIdentity, connect, createServer, type TLSSocket } from "node:tls";
import type { PostgresSecretsArgs } from "../../src/secrets/args";
import { brought } from "../unit/secrets/brought";
import { SecretsStack, type Changes, type SecretsOutputs } from "./secrets-stack";

const rome = { names: ["rome.example.com", "127.0.0.1", "::1"] };
const lisbon = { names: ["lisbon.example.com"] };
const paris = { names: ["paris.example.com"] };
const regions = { rome, lisbon };
const roles = { app: {} };

let stack: SecretsStack;

/** What is declared now, and what the secrets are since. */
let args: PostgresSecretsArgs = { regions, roles };
let now: SecretsOutputs;

/** Declares a change; the last test's declaration stands otherwise. Gives the secrets as they were, too. */
async function change(
  changed: Partial<PostgresSecretsArgs>,
): Promise<{ changes: Changes; before: SecretsOutputs; after: SecretsOutputs }> {
  args = { ...args, ...changed };
  const before = now;
  const { changes, outputs } = await stack.up(args);
  now = outputs;
  return { changes, before, after: now };
}

beforeAll(async () => {
  stack = await SecretsStack.create();
  await change({});
});

afterAll(() => stack.remove());

describe("PostgresSecrets", () => {
  it("makes servers and clients that trust each other, and only by their own names", async () => {
    expect(await handshake(now, "rome", "rome.example.com")).toBe("streaming_replica");
    expect(await handshake(now, "rome", "127.0.0.1")).toBe("streaming_replica");
    expect(await handshake(now, "rome", "::1")).toBe("streaming_replica");
    expect(await handshake(now, "lisbon", "lisbon.example.com")).toBe("streaming_replica");
    await expect(handshake(now, "rome", "lisbon.example.com")).rejects.toThrow(/altnames/);
    await expect(
      handshake({ ...now, replication: now.servers["lisbon"]! }, "rome", "rome.example.com"),
    ).rejects.toThrow();
  });

  it("changes nothing when nothing changed", async () => {
    const { changes, before, after } = await change({
      regions: { lisbon, rome: { names: [...rome.names].reverse() } },
      passwordRotation: "",
      certificateRotation: "",
    });
    expect(changes).toEqual({});
    expect(after).toEqual(before);
  });

  it("replaces passwords, and passwords only, when they are rotated", async () => {
    const { changes, before, after } = await change({ passwordRotation: "2027" });
    expect(changes).toEqual(
      replaced(["app", "postgres", "streaming_replica"].map((role) => `password-${role}`)),
    );
    for (const [role, password] of Object.entries(after.passwords)) {
      expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(password).not.toBe(before.passwords[role]);
    }
    expect({ ...after, passwords: {} }).toEqual({ ...before, passwords: {} });
  });

  it("replaces keys and certificates, but neither authority nor passwords, when they are rotated", async () => {
    const all = replaced([
      ...keyRequestCertificate("server-rome"),
      ...keyRequestCertificate("server-lisbon"),
      ...keyRequestCertificate("replication"),
    ]);
    const previewed = await stack.preview({ ...args, certificateRotation: "2027" });
    expect(previewed.changes).toEqual(all);
    await stack.refresh();
    const { changes, before, after } = await change({ certificateRotation: "2027" });
    expect(changes).toEqual(all);
    expect(after.caCertificate).toBe(before.caCertificate);
    expect(after.passwords).toEqual(before.passwords);
    expect(after.servers["rome"]!.privateKey).not.toBe(before.servers["rome"]!.privateKey);
    expect(await handshake(after, "rome", "rome.example.com")).toBe("streaming_replica");

    const again = await change({ certificateRotation: "2028" });
    expect(again.changes).toEqual(all);
  });

  it("touches no other region when one comes or goes", async () => {
    const come = await change({ regions: { rome, paris, lisbon } });
    expect(come.changes).toEqual(
      Object.fromEntries(keyRequestCertificate("server-paris").map((name) => [`orders-${name}`, "create"])),
    );
    const go = await change({ regions });
    expect(go.changes).toEqual(
      Object.fromEntries(keyRequestCertificate("server-paris").map((name) => [`orders-${name}`, "delete"])),
    );
  });

  it("renews a certificate that nears its end, and keeps its key", async () => {
    await stack.age("server-rome-certificate", 334);
    expect((await change({})).changes).toEqual({});
    await stack.age("server-rome-certificate", 1);
    const { changes, before, after } = await change({});
    expect(changes).toEqual(replaced(["server-rome-certificate"]));
    expect(after.servers["rome"]!.privateKey).toBe(before.servers["rome"]!.privateKey);
    expect(after.servers["rome"]!.certificate).not.toBe(before.servers["rome"]!.certificate);
  });

  it("keeps the authority's key when the authority is renewed, so that old and new trust each other", async () => {
    const { changes, before, after } = await change({ caValidityDays: 4000 });
    const certificates = ["server-rome", "server-lisbon", "replication"].map((name) => `${name}-certificate`);
    expect(changes).toEqual(replaced(["ca", ...certificates]));
    const [oldCa, newCa] = [before.caCertificate, after.caCertificate];
    expect(newCa).not.toBe(oldCa);
    expect(await handshake({ ...after, caCertificate: oldCa }, "rome", "rome.example.com")).toBe(
      "streaming_replica",
    );
    expect(await handshake({ ...before, caCertificate: newCa }, "rome", "rome.example.com")).toBe(
      "streaming_replica",
    );
  });

  it("signs with the authority that is brought, and says whom else to trust", async () => {
    const { changes, after } = await change({
      ca: brought.ca,
      serverCertificates: { lisbon: brought.rome },
      trustedCas: [brought.ca.certificate],
    });
    expect(changes).toMatchObject({
      "orders-ca": "delete",
      "orders-ca-key": "delete",
      "orders-server-lisbon-key": "delete",
    });
    expect(after.caCertificate).toBe(brought.ca.certificate.repeat(2));
    const signed = new X509Certificate(after.servers["rome"]!.certificate);
    expect(signed.checkIssued(new X509Certificate(brought.ca.certificate))).toBe(true);
    expect(await handshake(after, "rome", "rome.example.com")).toBe("streaming_replica");
    expect(await handshake(after, "lisbon", "rome.example.com")).toBe("streaming_replica");
  });

  it("shows no password and no private key, neither in a preview nor in the state", async () => {
    const further = {
      replicationCertificate: brought.replication,
      passwords: { postgres: "brought-password" },
    };
    const secrets = {
      ...now.passwords,
      rome: bodyOf(now.servers["rome"]!.privateKey),
      "replication generated": bodyOf(now.replication.privateKey),
      "lisbon brought": bodyOf(brought.rome.privateKey),
      "the authority brought": bodyOf(brought.ca.privateKey),
      "replication brought": bodyOf(brought.replication.privateKey),
      "password brought": "brought-password",
      "any other": "PRIVATE KEY",
    };
    const generated = await stack.state();
    const { shown } = await stack.preview({
      ...args,
      ...further,
      certificateRotation: "2029",
      passwordRotation: "2029",
    });
    await change(further);
    const changed = await stack.state();
    const leaks = Object.entries({ generated, shown, changed }).flatMap(([where, text]) =>
      Object.entries(secrets)
        .filter(([, secret]) => text.includes(secret))
        .map(([whose]) => `${whose} in ${where}`),
    );
    expect(leaks).toEqual([]);
  });
});

function keyRequestCertificate(prefix: string): string[] {
  return [`${prefix}-key`, `${prefix}-request`, `${prefix}-certificate`];
}

function replaced(names: string[]): Changes {
  return Object.fromEntries(names.map((name) => [`orders-${name}`, "replace"]));
}

/** The first line of a PEM's content. */
function bodyOf(pem: string): string {
  return pem.split("\n")[1]!;
}

/**
 * Connects as a reader would: verifies the server fully by `host`, shows the replication certificate. Gives
 * the common name that the server took the client for.
 */
async function handshake(outputs: SecretsOutputs, region: string, host: string): Promise<string> {
  const { certificate: cert, privateKey: key } = outputs.servers[region]!;
  const ca = outputs.caCertificate;
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const accepted = new Promise<string>((resolve, reject) => {
      server.once("secureConnection", (socket: TLSSocket) =>
        resolve(String(socket.getPeerCertificate().subject.CN)),
      );
      server.once("tlsClientError", reject);
    });
    const client = connect({
      port: (server.address() as AddressInfo).port,
      host: "127.0.0.1",
      servername: /[a-z]/.test(host) ? host : "",
      ca,
      cert: outputs.replication.certificate,
      key: outputs.replication.privateKey,
      checkServerIdentity: (_, presented) => checkServerIdentity(host, presented),
    });
    const connected = once(client, "secureConnect");
    const [name] = await Promise.all([accepted, connected]).finally(() => client.destroy());
    return name;
  } finally {
    server.close();
  }
}
