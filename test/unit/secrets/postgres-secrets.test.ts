import * as pulumi from "@pulumi/pulumi";
import type { PostgresSecretsArgs } from "../../../src/secrets/args";
import { PostgresSecrets } from "../../../src/secrets/postgres-secrets";
import { withoutMarks } from "../../support/registered";
import { brought } from "./brought";

const rome = { names: ["10.0.0.1", "rome.example.com"] };
const lisbon = { names: ["lisbon.example.com"] };

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: args.name, state: { ...args.inputs, ...outputsOf(args) } };
    },
    call: ({ token }) => {
      throw new Error(`no invoke is known, ${token} least of all`);
    },
  });
});

describe("PostgresSecrets", () => {
  it("creates an authority, certificates and passwords under names that are frozen", async () => {
    await create({ regions: { rome }, roles: { app: {} } });
    expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "multi-region-postgres:index:PostgresSecrets orders",
      "random:index/randomPassword:RandomPassword orders-password-app",
      "random:index/randomPassword:RandomPassword orders-password-postgres",
      "random:index/randomPassword:RandomPassword orders-password-streaming_replica",
      "tls:index/certRequest:CertRequest orders-replication-request",
      "tls:index/certRequest:CertRequest orders-server-rome-request",
      "tls:index/locallySignedCert:LocallySignedCert orders-replication-certificate",
      "tls:index/locallySignedCert:LocallySignedCert orders-server-rome-certificate",
      "tls:index/privateKey:PrivateKey orders-ca-key",
      "tls:index/privateKey:PrivateKey orders-replication-key",
      "tls:index/privateKey:PrivateKey orders-server-rome-key",
      "tls:index/selfSignedCert:SelfSignedCert orders-ca",
    ]);
  });

  it("stores none of its arguments with itself", async () => {
    await create({ regions: { rome }, roles: {}, passwords: { postgres: "brought" } });
    expect(inputsOf("orders")).toEqual({});
  });

  it("asks for an authority that signs, and nothing else", async () => {
    await create({ regions: { rome }, roles: {}, caValidityDays: 1000, renewalDays: 10 });
    expect(inputsOf("orders-ca")).toMatchObject({
      isCaCertificate: true,
      subject: { commonName: "PostgreSQL CA of orders" },
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      validityPeriodHours: 24000,
      earlyRenewalHours: 240,
    });
    expect(inputsOf("orders-ca-key")).toEqual({ algorithm: "ECDSA", ecdsaCurve: "P256" });
  });

  it("names every host in a server's certificate, for server authentication alone", async () => {
    await create({ regions: { rome }, roles: {}, certificateValidityDays: 90, renewalDays: 10 });
    expect(inputsOf("orders-server-rome-request")).toMatchObject({
      subject: { commonName: "rome" },
      dnsNames: ["rome.example.com"],
      ipAddresses: ["10.0.0.1"],
    });
    expect(inputsOf("orders-server-rome-certificate")).toMatchObject({
      certRequestPem: "orders-server-rome-request's request",
      caCertPem: "orders-ca's certificate\n",
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: 2160,
      earlyRenewalHours: 240,
    });
  });

  it("gives replication a client certificate by the name of its role", async () => {
    await create({ regions: { rome }, roles: {} });
    expect(inputsOf("orders-replication-request").subject).toEqual({ commonName: "streaming_replica" });
    expect(inputsOf("orders-replication-certificate").allowedUses).toEqual([
      "digital_signature",
      "client_auth",
    ]);
  });

  it("asks for passwords that survive every shell, and that rotation replaces", async () => {
    await create({ regions: { rome }, roles: { app: {} }, passwordRotation: "2027" });
    for (const role of ["postgres", "streaming_replica", "app"]) {
      expect(inputsOf(`orders-password-${role}`)).toEqual({
        length: 32,
        special: false,
        keepers: { rotation: "2027" },
      });
    }
  });

  it("asks for the same when another region is added", async () => {
    await create({ regions: { rome }, roles: {} });
    const before = registered;
    registered = [];
    await create({ regions: { rome, lisbon }, roles: {} });
    expect(registered).toEqual(expect.arrayContaining(before));
    expect(registered).toHaveLength(before.length + 3);
  });

  it("gives every key and password as a secret, and no certificate", async () => {
    const secrets = await create({ regions: { rome }, roles: { app: {} } });
    expect(await isSecret(secrets.servers["rome"]!.privateKey)).toBe(true);
    expect(await isSecret(secrets.replication.privateKey)).toBe(true);
    for (const role of ["postgres", "streaming_replica", "app"]) {
      expect(await isSecret(secrets.passwords[role]!)).toBe(true);
    }
    expect(await isSecret(secrets.caCertificate)).toBe(false);
    expect(await isSecret(secrets.servers["rome"]!.certificate)).toBe(false);
  });

  it("certifies the roles that log in by certificate, for client authentication alone", async () => {
    const { clients } = await create({ regions: {}, roles: {}, clients: ["pooler"] });
    expect(inputsOf("orders-client-pooler-request")).toMatchObject({ subject: { commonName: "pooler" } });
    expect(inputsOf("orders-client-pooler-certificate").allowedUses).toEqual([
      "digital_signature",
      "client_auth",
    ]);
    expect(await isSecret(clients["pooler"]!.privateKey)).toBe(true);
  });

  it("creates nothing where everything is brought, and passes it on", async () => {
    const secrets = await create({
      regions: { rome },
      roles: { app: {}, report: { password: "reporter" } },
      ca: brought.ca,
      serverCertificates: { rome: brought.rome },
      replicationCertificate: brought.replication,
      passwords: { postgres: "p", streaming_replica: "r", app: "a" },
    });
    expect(registered.map(({ name }) => name)).toEqual(["orders"]);
    expect(await value(secrets.caCertificate)).toBe(brought.ca.certificate);
    expect(await value(secrets.servers)).toEqual({ rome: brought.rome });
    expect(await value(secrets.replication)).toEqual(brought.replication);
    expect(await value(secrets.passwords)).toEqual({
      postgres: "p",
      streaming_replica: "r",
      app: "a",
      report: "reporter",
    });
    expect(await isSecret(secrets.servers["rome"]!.privateKey)).toBe(true);
    expect(await isSecret(secrets.replication.privateKey)).toBe(true);
    expect(await isSecret(secrets.passwords["report"]!)).toBe(true);
  });

  it("signs with the authority that is brought", async () => {
    await create({
      regions: { rome, lisbon },
      roles: {},
      ca: brought.ca,
      serverCertificates: { rome: brought.rome },
    });
    const names = registered.map(({ name }) => name);
    expect(names).not.toContain("orders-ca-key");
    expect(names).not.toContain("orders-ca");
    expect(names).not.toContain("orders-server-rome-key");
    expect(inputsOf("orders-server-lisbon-certificate").caCertPem).toBe(brought.ca.certificate);
  });

  it("trusts the authority first, then every other, each on lines of its own", async () => {
    const secrets = await create({
      regions: { rome },
      roles: {},
      trustedCas: [pulumi.output("old"), pulumi.output("older\n\n")],
    });
    expect(await value(secrets.caCertificate)).toBe("orders-ca's certificate\nold\nolder\n");
  });
});

async function create(args: PostgresSecretsArgs): Promise<PostgresSecrets> {
  const secrets = new PostgresSecrets("orders", args);
  await pulumi.runtime.disconnect();
  return secrets;
}

function inputsOf(name: string): Record<string, unknown> {
  const { inputs } = registered.find((resource) => resource.name === name)!;
  return withoutMarks(inputs) as Record<string, unknown>;
}

function outputsOf({ type, name }: pulumi.runtime.MockResourceArgs): Record<string, string> {
  switch (type.split(":").at(-1)) {
    case "PrivateKey":
      return { privateKeyPem: `${name}'s private key` };
    case "CertRequest":
      return { certRequestPem: `${name}'s request` };
    case "SelfSignedCert":
    case "LocallySignedCert":
      return { certPem: `${name}'s certificate\n` };
    case "RandomPassword":
      return { result: `${name}'s password` };
    default:
      return {};
  }
}

function value<Value>(input: pulumi.Input<Value>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}

function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return pulumi.isSecret(output);
}
