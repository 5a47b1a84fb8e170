import { createPrivateKey } from "node:crypto";
import { isIP } from "node:net";
import { at, isRecord, mismatch, shown, type Failure, type Unknowns } from "../../rules";
import { authorityFailures } from "../../secrets/rules";
import type { SecretsArgs } from "../../secrets/args";
import type { OwnCertificatesArgs } from "../certificates-args";
import { isSubdomain } from "../../kubernetes/formats";
import { missing, objectFailures } from "../../rule-shapes";

// The compiler keeps this list complete.
const ownProperties: Record<keyof OwnCertificatesArgs, true> = {
  ca: true,
  clientCa: true,
  server: true,
  replication: true,
  pooler: true,
  caCertificate: true,
};

/** What is said of certificates that are not made of `secrets`, and would change nothing. */
const idle: Readonly<Record<"operator" | "own", readonly (keyof SecretsArgs)[]>> = {
  operator: [
    "serverCertificates",
    "replicationCertificate",
    "certificateRotation",
    "certificateValidityDays",
  ],
  own: [
    "ca",
    "trustedCas",
    "serverCertificates",
    "replicationCertificate",
    "certificateRotation",
    "caValidityDays",
    "certificateValidityDays",
    "renewalDays",
  ],
};

/**
 * What is wrong with where certificates come from.
 *
 * @param poolers Where a pooler is asked for, if anywhere.
 */
export function* certificatesFailures(
  path: string,
  { certificates, secrets, regions }: Unknowns,
  poolers: string | undefined,
): Generator<Failure> {
  if (certificates === undefined || certificates === "shared") {
    return;
  }
  if (certificates === "operator") {
    yield* idleFailures(secrets, "operator");
    yield* authorityKeyFailures(secrets);
    yield* addressesFailures(regions);
  } else if (typeof certificates === "string") {
    const reason = `must be "shared", "operator" or an object of secrets' names, not ${shown(certificates)}`;
    yield { propertyPath: path, reason };
  } else {
    yield* idleFailures(secrets, "own");
    yield* objectFailures(path, certificates, Object.keys(ownProperties), (own) =>
      ownFailures(path, own, poolers),
    );
  }
}

function* ownFailures(path: string, given: Unknowns, poolers: string | undefined): Generator<Failure> {
  const own = (property: keyof OwnCertificatesArgs) => [at(path, property), given[property]] as const;
  const name = "the name of a secret: lower-case letters, digits, hyphens and dots";
  for (const property of ["ca", "server", "replication"] as const) {
    yield* missing(...own(property), name);
  }
  for (const property of ["ca", "clientCa", "server", "replication", "pooler"] as const) {
    yield* mismatch(...own(property), isSubdomain, name);
  }
  if (poolers !== undefined && given["pooler"] === undefined) {
    yield { propertyPath: at(path, "pooler"), reason: `is missing: must be ${name}, for ${poolers}` };
  }
  yield* missing(...own("caCertificate"), "the authority's certificate, PEM");
  yield* authorityFailures(...own("caCertificate"));
}

function* idleFailures(secrets: unknown, kind: keyof typeof idle): Generator<Failure> {
  const given = isRecord(secrets) ? secrets : {};
  const instead = kind === "operator" ? 'is "operator", which issues them' : "names secrets, which hold them";
  for (const property of idle[kind].filter((each) => given[each] !== undefined)) {
    yield {
      propertyPath: at("secrets", property),
      reason: `must not be given where certificates ${instead}`,
    };
  }
}

export const mustBeEc = 'must be a key of ECDSA where certificates is "operator"';

function* authorityKeyFailures(secrets: unknown): Generator<Failure> {
  const ca = isRecord(secrets) ? secrets["ca"] : undefined;
  const type = isRecord(ca) ? keyTypeOf(ca["privateKey"]) : undefined;
  if (type !== undefined && type !== "ec") {
    yield { propertyPath: "secrets.ca.privateKey", reason: `${mustBeEc}, not ${type}` };
  }
}

function keyTypeOf(pem: unknown): string | undefined {
  try {
    return typeof pem === "string" ? createPrivateKey(pem).asymmetricKeyType : undefined;
  } catch {
    return undefined; // it is refused as no key at all
  }
}

/** The operator writes all names into certificates as those of DNS. */
function* addressesFailures(regions: unknown): Generator<Failure> {
  for (const [region, given] of Object.entries(isRecord(regions) ? regions : {})) {
    const host = isRecord(given) ? given["host"] : undefined;
    if (typeof host === "string" && isIP(host) !== 0) {
      const reason = `must be a DNS name where certificates is "operator", not ${shown(host)}`;
      yield { propertyPath: at(at("regions", region), "host"), reason };
    }
  }
}
