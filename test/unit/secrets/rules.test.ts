import { output } from "@pulumi/pulumi";
import type { PostgresSecretsArgs, SecretsArgs } from "../../../src/secrets/args";
import { passwordReason, postgresSecretsFailures, secretsFailures } from "../../../src/secrets/rules";
import { brought } from "./brought";

const known = { regions: ["rome", "lisbon"], roles: ["app"] };

/** As `path: reason`, the way a user reads them. Takes what no compiler would let through. */
function failures(args: unknown, path?: string): string[] {
  return secretsFailures(args as SecretsArgs, known, path).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

const refused: readonly [args: unknown, failure: string][] = [
  [
    { renewalDays: 400 },
    "renewalDays: must be a whole number of days from 1 to 364, less than certificateValidityDays, not 400",
  ],
  [
    { renewalDays: 10, certificateValidityDays: 10 },
    "renewalDays: must be a whole number of days from 1 to 9, less than certificateValidityDays, not 10",
  ],
  [
    { certificateValidityDays: 20 },
    "certificateValidityDays: must be a whole number of days from 31 to 36500, more than renewalDays, not 20",
  ],
  [
    { renewalDays: 1, certificateValidityDays: 1 },
    "certificateValidityDays: must be a whole number of days from 2 to 36500, more than renewalDays, not 1",
  ],
  [
    { certificateValidityDays: 3650 },
    "certificateValidityDays: must be a whole number of days from 1 to 3649, less than caValidityDays, not 3650",
  ],
  [
    { caValidityDays: 365 },
    "caValidityDays: must be a whole number of days from 366 to 36500, more than certificateValidityDays, not 365",
  ],
  [{ renewalDays: 0 }, "renewalDays: must be a whole number of days from 1 to 36500, not 0"],
  [{ renewalDays: 1.5 }, "renewalDays: must be a whole number of days from 1 to 36500, not 1.5"],
  [{ caValidityDays: 36501 }, "caValidityDays: must be a whole number of days from 1 to 36500, not 36501"],
  [
    { certificateValidityDays: "90" },
    'certificateValidityDays: must be a whole number of days from 1 to 36500, not "90"',
  ],
  [{ caValidityDays: Number.NaN }, "caValidityDays: must be a whole number of days from 1 to 36500, not NaN"],
  [{ caValidityDays: null }, "caValidityDays: must be a whole number of days from 1 to 36500, not null"],
  [{ passwordRotation: 2 }, "passwordRotation: must be a text, not 2"],
  [
    { certificateRotation: output("x") },
    "certificateRotation: must be known before the deployment, not an output",
  ],
  [
    { rotation: "x" },
    "rotation: unknown property, must be one of ca, trustedCas, serverCertificates, replicationCertificate, passwords, passwordRotation, certificateRotation, caValidityDays, certificateValidityDays, renewalDays",
  ],
  [
    { serverCertificates: { paris: brought.rome } },
    "serverCertificates.paris: is not a region, must be one of rome, lisbon",
  ],
  [
    { serverCertificates: { rome: { certificate: brought.rome.certificate } } },
    "serverCertificates.rome.privateKey: is missing: a certificate and its key go together",
  ],
  [
    { serverCertificates: { rome: { ...brought.rome, chain: "x" } } },
    "serverCertificates.rome.chain: unknown property, must be one of certificate, privateKey",
  ],
  [
    { serverCertificates: { rome: "x" } },
    "serverCertificates.rome: must be an object of certificate and privateKey, not a text",
  ],
  [
    { serverCertificates: { "rome-2": brought.rome } },
    'serverCertificates["rome-2"]: is not a region, must be one of rome, lisbon',
  ],
  [
    { serverCertificates: [] },
    "serverCertificates: must be an object of certificates, by region, not a list",
  ],
  [
    { ca: { privateKey: brought.ca.privateKey } },
    "ca.certificate: is missing: a certificate and its key go together",
  ],
  [{ ca: { ...brought.ca, certificate: "/etc/ca.crt" } }, "ca.certificate: must be a certificate in PEM"],
  [
    { ca: { ...brought.ca, privateKey: "/etc/ca.key" } },
    "ca.privateKey: must be a private key in PEM, unencrypted",
  ],
  [
    { ca: { ...brought.ca, privateKey: brought.rome.privateKey } },
    "ca.privateKey: must be the key of the certificate",
  ],
  [{ ca: brought.rome }, "ca.certificate: must be the certificate of a certificate authority"],
  [{ ca: output(brought.ca) }, "ca: must be an object of certificate and privateKey, not an output"],
  [
    { replicationCertificate: brought.rome },
    "replicationCertificate.certificate: must have the common name streaming_replica, not rome.example.com",
  ],
  [{ trustedCas: brought.ca.certificate }, "trustedCas: must be a list of certificates in PEM, not a text"],
  [{ trustedCas: [brought.ca.certificate, ""] }, "trustedCas[1]: must be a certificate in PEM"],
  [
    { passwords: { report: "x" } },
    "passwords.report: must be one of postgres, streaming_replica, app: further roles take their own password",
  ],
  [{ passwords: { app: "" } }, "passwords.app: must not be empty"],
  [
    { passwords: { app: null } },
    "passwords.app: must be a text of ASCII letters, digits, spaces and signs, without control characters",
  ],
  [{ passwords: "x" }, "passwords: must be an object of passwords, by role, not a text"],
];

describe("secretsFailures", () => {
  it("finds nothing wrong with nothing", () => {
    expect(failures(undefined)).toEqual([]);
    expect(failures({})).toEqual([]);
  });

  it("finds nothing wrong with everything brought", () => {
    const all: Required<SecretsArgs> = {
      ca: brought.ca,
      trustedCas: [brought.ca.certificate],
      serverCertificates: { rome: brought.rome },
      replicationCertificate: brought.replication,
      passwords: { postgres: "a b", streaming_replica: "~!", app: "0" },
      passwordRotation: "2027",
      certificateRotation: "",
      caValidityDays: 36500,
      certificateValidityDays: 2,
      renewalDays: 1,
    };
    expect(secretsFailures(all, known)).toEqual([]);
  });

  it("takes outputs and promises as they are", () => {
    const later = { certificate: output("x"), privateKey: Promise.resolve("y") };
    expect(
      failures({
        ca: later,
        trustedCas: [output("x")],
        serverCertificates: { rome: later },
        replicationCertificate: later,
        passwords: { app: output("") },
      }),
    ).toEqual([]);
  });

  it.each(refused.map(([args, failure]) => ({ args, failure })))("refuses $failure", ({ args, failure }) => {
    expect(failures(args)).toEqual([`secrets.${failure}`]);
  });

  it("refuses what is no object", () => {
    expect(failures("x")).toEqual(["secrets: must be an object of properties, not a text"]);
    expect(failures(output({}))).toEqual(["secrets: must be an object of properties, not an output"]);
  });

  it("finds everything at once, under the path where it was given", () => {
    expect(failures({ ca: {}, renewalDays: 0, passwords: { app: "" } }, "orders.secrets")).toHaveLength(4);
    expect(failures({ renewalDays: 0 }, "orders.secrets")[0]).toMatch(/^orders\.secrets\.renewalDays: /);
  });

  it("never shows a secret", () => {
    const messages = failures({
      ca: { certificate: "hunter2", privateKey: "hunter2" },
      replicationCertificate: "hunter2",
      trustedCas: "hunter2",
      passwords: { app: "hunter2\n", postgres: ["hunter2"] },
      serverCertificates: { rome: { certificate: brought.rome.certificate, privateKey: "hunter2" } },
    });
    expect(messages).toHaveLength(7);
    expect(messages.join("\n")).not.toContain("hunter2");
  });
});

describe("passwordReason", () => {
  it.each(["with\0nul", "with\nnewline", "pässword", 12, {}, undefined])("refuses %j", (password) => {
    expect(passwordReason(password)).toMatch(/^must be a text of ASCII/);
  });

  it("takes any visible ASCII", () => {
    expect(passwordReason(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09")).toBeUndefined();
  });
});

describe("PostgresSecrets", () => {
  const lines = (args: unknown) =>
    postgresSecretsFailures(args as PostgresSecretsArgs).map(
      ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
    );
  const regions = { rome: { names: ["rome.example.com", "10.0.0.1", "::1", "*.rome.example.com"] } };

  it("takes regions, roles and the secrets of these", () => {
    const roles = { app: {}, report: { password: output("x") } };
    expect(lines({ regions, roles })).toEqual([]);
    expect(
      lines({ regions, roles, passwords: { app: "y" }, serverCertificates: { rome: brought.rome } }),
    ).toEqual([]);
  });

  it("refuses everything at once", () => {
    expect(
      lines({
        regions: { rome: { names: [] }, lisbon: { names: ["a b"] }, dublin: { name: ["d"] }, oslo: null },
        roles: { app: { password: "" }, report: "hidden" },
        passwords: { bern: "x" },
        renewalDays: 0,
      }),
    ).toEqual([
      "regions.rome.names: must be a list of one or more DNS names and IP addresses",
      "regions.lisbon.names: must be a list of one or more DNS names and IP addresses",
      'regions.dublin.name: unknown property, did you mean "names"?',
      "regions.dublin.names: must be a list of one or more DNS names and IP addresses",
      "regions.oslo: must be an object of properties, not null",
      "roles.app.password: must not be empty",
      "roles.report: must be an object of properties, not a text",
      "passwords.bern: must be one of postgres, streaming_replica, app, report: further roles take their own password",
      "renewalDays: must be a whole number of days from 1 to 36500, not 0",
    ]);
  });

  it("refuses what is no arguments at all, and what is missing", () => {
    expect(lines(undefined)).toEqual(["args: must be an object of arguments, not null"]);
    expect(lines({})).toEqual([
      "regions: must be an object of regions, by name, not null",
      "roles: must be an object of roles, by name, not null",
    ]);
  });
});
