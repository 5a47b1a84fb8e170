import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { isPromise } from "node:util/types";
import { Output } from "@pulumi/pulumi";
import type { Failure } from "../rules";
import { secretsDefaults, type KeyPairArgs, type SecretsArgs } from "./args";
import { replicationRole, superuser } from "./plan";

/** For whom the secrets are. */
export interface KnownNames {
  /** The names of the regions. */
  readonly regions: readonly string[];

  /** The roles whose password stands in `passwords`, beside `postgres` and `streaming_replica`: the owner. */
  readonly roles: readonly string[];
}

/**
 * All that is wrong with the secrets, at once. What is not known before the program has run, an output or a
 * promise, is taken as it is. No reason ever holds a secret.
 *
 * @param path the property under which the secrets were given
 */
export function secretsFailures(
  args: SecretsArgs | undefined,
  known: KnownNames,
  path = "secrets",
): Failure[] {
  if (args === undefined) {
    return [];
  }
  if (!isRecord(args)) {
    return [{ propertyPath: path, reason: `must be an object, not ${kindOf(args)}` }];
  }
  const at = (property: string) => `${path}.${property}`;
  return [
    ...unknownProperties(args, Object.keys(kinds), path),
    ...keyPairFailures(args.ca, at("ca"), isAuthority),
    ...trustedCasFailures(args.trustedCas, at("trustedCas")),
    ...serverCertificatesFailures(args.serverCertificates, known, at("serverCertificates")),
    ...keyPairFailures(args.replicationCertificate, at("replicationCertificate"), isForReplication),
    ...passwordsFailures(args.passwords, known, at("passwords")),
    ...rotationFailures(args.passwordRotation, at("passwordRotation")),
    ...rotationFailures(args.certificateRotation, at("certificateRotation")),
    ...validityFailures(args, path),
  ];
}

/** Why a password cannot be one, or undefined. An output or a promise is taken as it is. */
export function passwordReason(password: unknown): string | undefined {
  if (isDeferred(password)) {
    return undefined;
  }
  if (typeof password === "string" && /^[\x20-\x7e]+$/.test(password)) {
    return undefined;
  }
  return password === ""
    ? "must not be empty"
    : "must be text of ASCII letters, digits, spaces and signs, without control characters";
}

/** The compiler keeps this list complete. */
const kinds: Record<keyof SecretsArgs, true> = {
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

function unknownProperties(given: object, allowed: readonly string[], path: string): Failure[] {
  return Object.keys(given)
    .filter((property) => !allowed.includes(property))
    .map((property) => ({
      propertyPath: `${path}.${property}`,
      reason: `is not a property; allowed are ${allowed.join(", ")}`,
    }));
}

type CertificateCheck = (certificate: X509Certificate) => string | undefined;

function isAuthority(certificate: X509Certificate): string | undefined {
  return certificate.ca ? undefined : "must be the certificate of a certificate authority";
}

function isForReplication(certificate: X509Certificate): string | undefined {
  const commonNames = certificate.subject?.split("\n").filter((part) => part.startsWith("CN=")) ?? [];
  return commonNames.length === 1 && commonNames[0] === `CN=${replicationRole}`
    ? undefined
    : `must have the common name ${replicationRole}, not ${commonNames.map((part) => part.slice(3)).join(", ") || "none"}`;
}

function keyPairFailures(pair: unknown, path: string, check: CertificateCheck = () => undefined): Failure[] {
  if (pair === undefined) {
    return [];
  }
  if (!isRecord(pair)) {
    return [
      { propertyPath: path, reason: `must be an object of certificate and privateKey, not ${kindOf(pair)}` },
    ];
  }
  const { certificate, privateKey } = pair;
  const failures = [
    ...unknownProperties(pair, Object.keys(keyPairProperties), path),
    ...reasonAt(`${path}.certificate`, certificateReason(certificate, check)),
    ...reasonAt(`${path}.privateKey`, privateKeyReason(privateKey)),
  ];
  const [parsedCertificate, parsedKey] = [parseCertificate(certificate), parsePrivateKey(privateKey)];
  if (parsedCertificate && parsedKey && !parsedCertificate.checkPrivateKey(parsedKey)) {
    failures.push({ propertyPath: `${path}.privateKey`, reason: "must be the key of the certificate" });
  }
  return failures;
}

function certificateReason(value: unknown, check: CertificateCheck = () => undefined): string | undefined {
  if (isDeferred(value)) {
    return undefined;
  }
  if (value === undefined) {
    return "is missing: a certificate and its key go together";
  }
  const certificate = parseCertificate(value);
  return certificate ? check(certificate) : "must be a certificate in PEM";
}

function privateKeyReason(value: unknown): string | undefined {
  if (isDeferred(value)) {
    return undefined;
  }
  if (value === undefined) {
    return "is missing: a certificate and its key go together";
  }
  return parsePrivateKey(value) ? undefined : "must be a private key in PEM, unencrypted";
}

function trustedCasFailures(trustedCas: unknown, path: string): Failure[] {
  if (trustedCas === undefined) {
    return [];
  }
  if (!Array.isArray(trustedCas)) {
    return [
      { propertyPath: path, reason: `must be a list of certificates in PEM, not ${kindOf(trustedCas)}` },
    ];
  }
  return trustedCas.flatMap((certificate: unknown, index) =>
    reasonAt(`${path}[${index}]`, certificateReason(certificate ?? null, isAuthority)),
  );
}

function serverCertificatesFailures(certificates: unknown, known: KnownNames, path: string): Failure[] {
  return entriesFailures(certificates, path, "certificates by region", (region, pair) =>
    known.regions.includes(region)
      ? keyPairFailures(pair, `${path}.${region}`)
      : reasonAt(`${path}.${region}`, `is not a region; the regions are ${known.regions.join(", ")}`),
  );
}

function passwordsFailures(passwords: unknown, known: KnownNames, path: string): Failure[] {
  const roles = [...new Set([superuser, replicationRole, ...known.roles])];
  return entriesFailures(passwords, path, "passwords by role", (role, password) =>
    reasonAt(
      `${path}.${role}`,
      roles.includes(role)
        ? password === undefined
          ? undefined
          : passwordReason(password)
        : `is not one of ${roles.join(", ")}; further roles have a password of their own`,
    ),
  );
}

function entriesFailures(
  value: unknown,
  path: string,
  expected: string,
  check: (key: string, value: unknown) => Failure[],
): Failure[] {
  if (value === undefined) {
    return [];
  }
  if (!isRecord(value)) {
    return [{ propertyPath: path, reason: `must be an object of ${expected}, not ${kindOf(value)}` }];
  }
  return Object.entries(value).flatMap(([key, entry]) => check(key, entry));
}

function rotationFailures(value: unknown, path: string): Failure[] {
  return value === undefined || typeof value === "string"
    ? []
    : [{ propertyPath: path, reason: `must be text known when the program starts, not ${shown(value)}` }];
}

/** Go's clock, which dates the certificates, counts no further than 292 years. */
const mostDays = 36500;

/** From the shortest to the longest. */
const validities = ["renewalDays", "certificateValidityDays", "caValidityDays"] as const;

function validityFailures(args: SecretsArgs, path: string): Failure[] {
  const malformed = validities.filter((property) => args[property] !== undefined && !isDays(args[property]));
  return [
    ...malformed.map((property) => ({
      propertyPath: `${path}.${property}`,
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
          propertyPath: `${path}.${less}`,
          reason: `must be a whole number of days from 1 to ${high - 1}, less than ${more}, not ${low}`,
        },
      ]
    : [
        {
          propertyPath: `${path}.${more}`,
          reason: `must be a whole number of days from ${low + 1} to ${mostDays}, more than ${less}, not ${high}`,
        },
      ];
}

function isDays(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostDays;
}

function reasonAt(propertyPath: string, reason: string | undefined): Failure[] {
  return reason === undefined ? [] : [{ propertyPath, reason }];
}

function parseCertificate(value: unknown): X509Certificate | undefined {
  return typeof value === "string" ? attempt(() => new X509Certificate(value)) : undefined;
}

function parsePrivateKey(value: unknown): KeyObject | undefined {
  return typeof value === "string" ? attempt(() => createPrivateKey(value)) : undefined;
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Whether a value is only known later. */
function isDeferred(value: unknown): boolean {
  return Output.isInstance(value) || isPromise(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isDeferred(value);
}

/** What sort of thing a value is, for where the value itself may be secret. */
function kindOf(value: unknown): string {
  if (isDeferred(value)) {
    return "an output";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  return value === null ? "null" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value that is no secret, as it is shown. */
function shown(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "number"
      ? `${value}`
      : kindOf(value);
}
