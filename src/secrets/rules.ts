import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { at, isPlain, isRecord, mismatch, shown, unknownProperties, type Failure } from "../rules";
import { secretsDefaults, type KeyPairArgs, type PostgresSecretsArgs, type SecretsArgs } from "./args";
import { replicationRole, superuser } from "../roles";

/** For whom the secrets are. */
export interface KnownNames {
  /** The names of the regions. */
  readonly regions: readonly string[];

  /** The roles whose password stands in `passwords`, beside `postgres` and `streaming_replica`: the owner. */
  readonly roles: readonly string[];
}

/**
 * All that is wrong with the secrets, at once. What is not known before the program has run, an output or a
 * promise, is taken as it is where a value is an `Input`. No reason ever holds a secret.
 *
 * @param path The property under which the secrets were given.
 */
export function secretsFailures(
  args: SecretsArgs | undefined,
  known: KnownNames,
  path = "secrets",
): Failure[] {
  if (!isRecord(args)) {
    return notHolder(path, args, "an object of properties");
  }
  const own = (property: keyof SecretsArgs) => at(path, property);
  return [
    ...unknownProperties(path, args, Object.keys(secretsProperties)),
    ...keyPairFailures(own("ca"), args.ca, isAuthority),
    ...trustedCasFailures(own("trustedCas"), args.trustedCas),
    ...serverCertificatesFailures(own("serverCertificates"), args.serverCertificates, known),
    ...keyPairFailures(own("replicationCertificate"), args.replicationCertificate, isForReplication),
    ...passwordsFailures(own("passwords"), args.passwords, known),
    ...mismatch(own("passwordRotation"), args.passwordRotation, isText, "a text"),
    ...mismatch(own("certificateRotation"), args.certificateRotation, isText, "a text"),
    ...validityFailures(path, args),
  ];
}

/** All that `PostgresSecrets` refuses, at once: the secrets, and for whom they are. */
export function postgresSecretsFailures(args: PostgresSecretsArgs): Failure[] {
  if (!isRecord(args)) {
    return notHolder("args", args ?? null, "an object of arguments");
  }
  const { regions, roles, clients, ...secrets } = args;
  return [
    ...holdersFailures("regions", regions, "names", namesReason),
    ...holdersFailures("roles", roles, "password", (password) =>
      password === undefined ? undefined : passwordReason(password),
    ),
    ...clientsFailures("clients", clients),
    ...secretsFailures(secrets, { regions: keysOf(regions), roles: keysOf(roles) }, ""),
  ];
}

function clientsFailures(path: string, clients: unknown): Failure[] {
  const isClient = (role: unknown) => typeof role === "string" && /^\w{1,63}$/.test(role);
  return Array.isArray(clients)
    ? clients.flatMap((role: unknown, index) => [
        ...mismatch(
          at(path, index),
          role ?? null,
          isClient,
          "the name of a role: letters, digits and underscores",
        ),
      ])
    : notHolder(path, clients, "a list of roles");
}

/** Refuses all but objects, by name, of which each has one property. */
function holdersFailures(
  path: string,
  holders: unknown,
  property: string,
  reason: (value: unknown) => string | undefined,
): Failure[] {
  if (!isRecord(holders)) {
    return notHolder(path, holders ?? null, `an object of ${path}, by name`);
  }
  return Object.entries(holders).flatMap(([name, holder]) =>
    isRecord(holder)
      ? [
          ...unknownProperties(at(path, name), holder, [property]),
          ...failure(at(at(path, name), property), reason(holder[property])),
        ]
      : notHolder(at(path, name), holder ?? null, "an object of properties"),
  );
}

function namesReason(names: unknown): string | undefined {
  const isName = (name: unknown) => typeof name === "string" && /^[\w.:*-]+$/.test(name);
  return Array.isArray(names) && names.length > 0 && names.every(isName)
    ? undefined
    : "must be a list of one or more DNS names and IP addresses";
}

function keysOf(holders: unknown): string[] {
  return isRecord(holders) ? Object.keys(holders) : [];
}

/** Why a password cannot be one, or undefined. An output or a promise is taken as it is. */
export function passwordReason(password: unknown): string | undefined {
  if (!isPlain(password) || (typeof password === "string" && /^[\x20-\x7e]+$/.test(password))) {
    return undefined;
  }
  return password === ""
    ? "must not be empty"
    : "must be a text of ASCII letters, digits, spaces and signs, without control characters";
}

// The compiler keeps these lists complete.
const secretsProperties: Record<keyof SecretsArgs, true> = {
  ca: true,
  trustedCas: true,
  serverCertificates: true,
  replicationCertificate: true,
  passwords: true,
  passwordRotation: true,
  certificateRotation: true,
  caValidityDays: true,
  certificateValidityDays: true,
  renewalDays: true,
};
const keyPairProperties: Record<keyof KeyPairArgs, true> = { certificate: true, privateKey: true };

type CertificateCheck = (certificate: X509Certificate) => string | undefined;

const isAuthority: CertificateCheck = (certificate) =>
  certificate.ca ? undefined : "must be the certificate of a certificate authority";

const isForReplication: CertificateCheck = (certificate) => {
  const subject = certificate.subject?.split("\n") ?? [];
  const names = subject.filter((part) => part.startsWith("CN=")).map((part) => part.slice("CN=".length));
  return names.length === 1 && names[0] === replicationRole
    ? undefined
    : `must have the common name ${replicationRole}, not ${names.join(", ") || "none"}`;
};

const isAny: CertificateCheck = () => undefined;

/** Refuses all but a certificate and its key. `undefined` passes. */
export function keyPairFailures(path: string, pair: unknown, check: CertificateCheck = isAny): Failure[] {
  if (!isRecord(pair)) {
    return notHolder(path, pair, "an object of certificate and privateKey");
  }
  const certificate = parsed(pair["certificate"], (pem) => new X509Certificate(pem));
  const privateKey = parsed(pair["privateKey"], (pem) => createPrivateKey(pem));
  const strangers = certificate && privateKey && !certificate.checkPrivateKey(privateKey);
  return [
    ...unknownProperties(path, pair, Object.keys(keyPairProperties)),
    ...failure(at(path, "certificate"), certificateReason(pair["certificate"], check)),
    ...failure(at(path, "privateKey"), privateKeyReason(pair["privateKey"])),
    ...failure(at(path, "privateKey"), strangers ? "must be the key of the certificate" : undefined),
  ];
}

const missing = "is missing: a certificate and its key go together";

function certificateReason(value: unknown, check: CertificateCheck): string | undefined {
  if (!isPlain(value)) {
    return undefined;
  }
  const certificate = parsed(value, (pem) => new X509Certificate(pem));
  return certificate ? check(certificate) : value === undefined ? missing : "must be a certificate in PEM";
}

function privateKeyReason(value: unknown): string | undefined {
  if (!isPlain(value) || parsed<KeyObject>(value, (pem) => createPrivateKey(pem))) {
    return undefined;
  }
  return value === undefined ? missing : "must be a private key in PEM, unencrypted";
}

/** Refuses all but the certificate of an authority, known or not. `undefined` passes. */
export function authorityFailures(path: string, certificate: unknown): Failure[] {
  return certificate === undefined ? [] : failure(path, certificateReason(certificate, isAuthority));
}

function trustedCasFailures(path: string, trustedCas: unknown): Failure[] {
  if (!Array.isArray(trustedCas)) {
    return notHolder(path, trustedCas, "a list of certificates in PEM");
  }
  return trustedCas.flatMap((certificate: unknown, index) =>
    authorityFailures(at(path, index), certificate ?? null),
  );
}

function serverCertificatesFailures(path: string, certificates: unknown, known: KnownNames): Failure[] {
  if (!isRecord(certificates)) {
    return notHolder(path, certificates, "an object of certificates, by region");
  }
  return Object.entries(certificates).flatMap(([region, pair]) =>
    known.regions.includes(region)
      ? keyPairFailures(at(path, region), pair, isAny)
      : failure(at(path, region), `is not a region, must be one of ${known.regions.join(", ")}`),
  );
}

function passwordsFailures(path: string, passwords: unknown, known: KnownNames): Failure[] {
  if (!isRecord(passwords)) {
    return notHolder(path, passwords, "an object of passwords, by role");
  }
  const roles = [...new Set([superuser, replicationRole, ...known.roles])];
  return Object.entries(passwords).flatMap(([role, password]) =>
    roles.includes(role)
      ? failure(at(path, role), password === undefined ? undefined : passwordReason(password))
      : failure(at(path, role), `must be one of ${roles.join(", ")}: further roles take their own password`),
  );
}

/** Go's clock, which dates the certificates, counts no further than 292 years. */
const mostDays = 36500;

/** From the shortest to the longest. */
const validities = ["renewalDays", "certificateValidityDays", "caValidityDays"] as const;

function validityFailures(path: string, args: SecretsArgs): Failure[] {
  const malformed = validities.filter((property) => args[property] !== undefined && !isDays(args[property]));
  return [
    ...malformed.map((property) => ({
      propertyPath: at(path, property),
      reason: `must be a whole number of days from 1 to ${mostDays}, not ${shown(args[property])}`,
    })),
    ...validityOrderFailures(args, "renewalDays", "certificateValidityDays", path),
    ...validityOrderFailures(args, "certificateValidityDays", "caValidityDays", path),
  ];
}

type Validity = (typeof validities)[number];

function validityOrderFailures(args: SecretsArgs, less: Validity, more: Validity, path: string): Failure[] {
  const [low, high] = [args[less] ?? secretsDefaults[less], args[more] ?? secretsDefaults[more]];
  if (!isDays(low) || !isDays(high) || low < high) {
    return [];
  }
  return args[less] !== undefined && high > 1
    ? [
        {
          propertyPath: at(path, less),
          reason: `must be a whole number of days from 1 to ${high - 1}, less than ${more}, not ${low}`,
        },
      ]
    : [
        {
          propertyPath: at(path, more),
          reason: `must be a whole number of days from ${low + 1} to ${mostDays}, more than ${less}, not ${high}`,
        },
      ];
}

function isDays(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostDays;
}

/** Refuses what should hold secrets and does not, without showing it. `undefined` passes. */
export function notHolder(propertyPath: string, value: unknown, expected: string): Failure[] {
  const given = typeof value === "string" ? "a text" : shown(value);
  return value === undefined ? [] : failure(propertyPath, `must be ${expected}, not ${given}`);
}

function failure(propertyPath: string, reason: string | undefined): Failure[] {
  return reason === undefined ? [] : [{ propertyPath, reason }];
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function parsed<Parsed>(value: unknown, parse: (pem: string) => Parsed): Parsed | undefined {
  try {
    return typeof value === "string" ? parse(value) : undefined;
  } catch {
    return undefined;
  }
}
