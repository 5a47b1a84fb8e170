import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { checkServerIdentity, connect, createServer, type TLSSocket } from "node:tls";
import { brought } from "../unit/secrets/brought";
import { SecretsStack, type Changes, type SecretsOutputs } from "./secrets-stack";

const rome = { names: ["rome.example.com", "127.0.0.1", "::1"] };
const lisbon = { names: ["lisbon.example.com"] };
const paris = { names: ["paris.example.com"] };
const regions = { rome, lisbon };
const roles = { app: {} };

let stack: SecretsStack;

beforeEach(async () => {
  stack = await SecretsStack.create();
});

afterEach(() => stack.remove());

describe("PostgresSecrets", () => {
  it("changes nothing when nothing changed", async () => {
    const first = await stack.up({ regions, roles });
    const second = await stack.up({
      regions: { lisbon, rome: { names: [...rome.names].reverse() } },
      roles,
      passwordRotation: "",
      certificateRotation: "",
    });
    expect(second.changes).toEqual({});
    expect(second.outputs).toEqual(first.outputs);
  });

  it("makes servers and clients that trust each other, and only by their own names", async () => {
    const { outputs } = await stack.up({ regions, roles });
    expect(await handshake(outputs, "rome", "rome.example.com")).toBe("streaming_replica");
    expect(await handshake(outputs, "rome", "127.0.0.1")).toBe("streaming_replica");
    expect(await handshake(outputs, "rome", "::1")).toBe("streaming_replica");
    expect(await handshake(outputs, "lisbon", "lisbon.example.com")).toBe("streaming_replica");
    await expect(handshake(outputs, "rome", "lisbon.example.com")).rejects.toThrow(/altnames/);
    await expect(
      handshake({ ...outputs, replication: outputs.servers["lisbon"]! }, "rome", "rome.example.com"),
    ).rejects.toThrow();
  });

  it("replaces passwords, and passwords only, when they are rotated", async () => {
    const before = await stack.up({ regions, roles });
    const after = await stack.up({ regions, roles, passwordRotation: "2027" });
    expect(after.changes).toEqual(
      replaced(["app", "postgres", "streaming_replica"].map((role) => `password-${role}`)),
    );
    for (const [role, password] of Object.entries(after.outputs.passwords)) {
      expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(password).not.toBe(before.outputs.passwords[role]);
    }
    expect({ ...after.outputs, passwords: {} }).toEqual({ ...before.outputs, passwords: {} });
  });

  it("replaces keys and certificates, but neither authority nor passwords, when they are rotated", async () => {
    const before = await stack.up({ regions, roles });
    const all = replaced([
      ...keyRequestCertificate("server-rome"),
      ...keyRequestCertificate("server-lisbon"),
      ...keyRequestCertificate("replication"),
    ]);
    const previewed = await stack.preview({ regions, roles, certificateRotation: "2027" });
    expect(previewed.changes).toEqual(all);
    await stack.refresh();
    const after = await stack.up({ regions, roles, certificateRotation: "2027" });
    expect(after.changes).toEqual(all);
    expect(after.outputs.caCertificate).toBe(before.outputs.caCertificate);
    expect(after.outputs.passwords).toEqual(before.outputs.passwords);
    expect(after.outputs.servers["rome"]!.privateKey).not.toBe(before.outputs.servers["rome"]!.privateKey);
    expect(await handshake(after.outputs, "rome", "rome.example.com")).toBe("streaming_replica");

    const again = await stack.up({ regions, roles, certificateRotation: "2028" });
    expect(again.changes).toEqual(all);
  });

  it("touches no other region when one comes or goes", async () => {
    await stack.up({ regions, roles });
    const come = await stack.up({ regions: { rome, paris, lisbon }, roles });
    expect(come.changes).toEqual(
      Object.fromEntries(keyRequestCertificate("server-paris").map((name) => [`orders-${name}`, "create"])),
    );
    const go = await stack.up({ regions: { paris, rome }, roles });
    expect(go.changes).toEqual(
      Object.fromEntries(keyRequestCertificate("server-lisbon").map((name) => [`orders-${name}`, "delete"])),
    );
  });

  it("renews a certificate that nears its end, and keeps its key", async () => {
    const before = await stack.up({ regions: { rome }, roles });
    await stack.age("server-rome-certificate", 334);
    expect((await stack.up({ regions: { rome }, roles })).changes).toEqual({});
    await stack.age("server-rome-certificate", 1);
    const after = await stack.up({ regions: { rome }, roles });
    expect(after.changes).toEqual(replaced(["server-rome-certificate"]));
    expect(after.outputs.servers["rome"]!.privateKey).toBe(before.outputs.servers["rome"]!.privateKey);
    expect(after.outputs.servers["rome"]!.certificate).not.toBe(before.outputs.servers["rome"]!.certificate);
  });

  it("keeps the authority's key when the authority is renewed, so that old and new trust each other", async () => {
    const before = await stack.up({ regions: { rome }, roles });
    const after = await stack.up({ regions: { rome }, roles, caValidityDays: 4000 });
    expect(after.changes).toEqual(replaced(["ca", "server-rome-certificate", "replication-certificate"]));
    const [oldCa, newCa] = [before.outputs.caCertificate, after.outputs.caCertificate];
    expect(newCa).not.toBe(oldCa);
    expect(await handshake({ ...after.outputs, caCertificate: oldCa }, "rome", "rome.example.com")).toBe(
      "streaming_replica",
    );
    expect(await handshake({ ...before.outputs, caCertificate: newCa }, "rome", "rome.example.com")).toBe(
      "streaming_replica",
    );
  });

  it("signs with the authority that is brought, and says whom else to trust", async () => {
    const { changes, outputs } = await stack.up({
      regions,
      roles,
      ca: brought.ca,
      serverCertificates: { lisbon: brought.rome },
      trustedCas: [brought.ca.certificate],
    });
    expect(changes).not.toHaveProperty("orders-ca");
    expect(changes).not.toHaveProperty("orders-ca-key");
    expect(changes).not.toHaveProperty("orders-server-lisbon-key");
    expect(outputs.caCertificate).toBe(brought.ca.certificate.repeat(2));
    const signed = new X509Certificate(outputs.servers["rome"]!.certificate);
    expect(signed.checkIssued(new X509Certificate(brought.ca.certificate))).toBe(true);
    expect(await handshake(outputs, "rome", "rome.example.com")).toBe("streaming_replica");
    expect(await handshake(outputs, "lisbon", "rome.example.com")).toBe("streaming_replica");
  });

  it("shows no password and no private key, neither in a preview nor in the state", async () => {
    const generated = { regions, roles };
    const args = {
      ...generated,
      ca: brought.ca,
      replicationCertificate: brought.replication,
      passwords: { postgres: "brought-password" },
    };
    const { outputs } = await stack.up(generated);
    const secrets = {
      ...outputs.passwords,
      rome: bodyOf(outputs.servers["rome"]!.privateKey),
      lisbon: bodyOf(outputs.servers["lisbon"]!.privateKey),
      "the authority brought": bodyOf(brought.ca.privateKey),
      "replication brought": bodyOf(brought.replication.privateKey),
      "password brought": "brought-password",
      "any other": "PRIVATE KEY",
    };
    const created = await stack.state();
    const { shown } = await stack.preview({ ...args, certificateRotation: "2027", passwordRotation: "2027" });
    await stack.up(args);
    const changed = await stack.state();
    const leaks = Object.entries({ created, shown, changed }).flatMap(([where, text]) =>
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
