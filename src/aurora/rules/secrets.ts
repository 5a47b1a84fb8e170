import { at, isRecord, shown, type Failure, type Unknowns } from "../../rules";
import type { SecretsArgs } from "../../secrets/args";

/** What is AWS's own in Aurora, and why. */
const certificates: Partial<Record<keyof SecretsArgs, string>> = {
  ca: "servers' certificates are signed by AWS",
  trustedCas: "servers' certificates are signed by AWS",
  serverCertificates: "servers' certificates are AWS's own, and rotated by it",
  replicationCertificate: "regions follow each other by Aurora's storage",
  certificateRotation: "servers' certificates are AWS's own, and rotated by it",
  caValidityDays: "servers' certificates are AWS's own, and rotated by it",
  certificateValidityDays: "servers' certificates are AWS's own, and rotated by it",
  renewalDays: "servers' certificates are AWS's own, and rotated by it",
};

/** Of all secrets the owner's password alone is ours to give. No reason shows one. */
export function* secretsOfAuroraFailures(args: Unknowns, owner: string): Generator<Failure> {
  const secrets = isRecord(args["secrets"]) ? args["secrets"] : {};
  for (const [property, why] of Object.entries(certificates)) {
    if (secrets[property] !== undefined) {
      yield { propertyPath: at("secrets", property), reason: `must not be given: ${why}` };
    }
  }
  const passwords = isRecord(secrets["passwords"]) ? secrets["passwords"] : {};
  for (const [role, password] of Object.entries(passwords)) {
    const propertyPath = at("secrets.passwords", role);
    if (role !== owner) {
      yield {
        propertyPath,
        reason: `must not be given: ${owner}, the owner, is the only role that has one here`,
      };
    } else if (typeof password === "string" && !isMasterPassword(password)) {
      yield { propertyPath, reason: `must have 8 to 128 characters, none of them a space, ", @ or /` };
    }
  }
  if (args["globalDatabaseId"] !== undefined && passwords[owner] === undefined) {
    const reason = "is missing: must be the password of the owner in the global database that is joined";
    yield { propertyPath: at("secrets.passwords", owner), reason };
  }
}

/** As RDS takes a master password. */
function isMasterPassword(password: string): boolean {
  return /^[!-~]{8,128}$/.test(password) && !/["@/]/.test(password);
}

/** Names that RDS refuses for the first role and for the first database. */
const reserved = [
  "admin",
  "rdsadmin",
  "rds_superuser",
  "rdsrepladmin",
  "rds_password",
  "rds_iam",
  "user",
  "db",
];

export function* reservedFailures(args: Unknowns, owner: string): Generator<Failure> {
  const database = isRecord(args["database"]) ? args["database"] : {};
  const ownerPath = "database.owner";
  if (reserved.includes(owner) || owner.startsWith("rds")) {
    yield {
      propertyPath: ownerPath,
      reason: `must not be ${shown(owner)}, a name that Aurora keeps for itself`,
    };
  } else if (owner.startsWith("_")) {
    yield {
      propertyPath: ownerPath,
      reason: `must begin with a letter, as Aurora asks, not ${shown(owner)}`,
    };
  }
  const { name } = database;
  if (name === "rdsadmin" || name === "db") {
    yield {
      propertyPath: "database.name",
      reason: `must not be ${shown(name)}, a name that Aurora keeps for itself`,
    };
  }
}

/** Nothing of this package connects into a VPC, so it cannot make roles. */
export function* rolesFailures(roles: unknown, owner: string): Generator<Failure> {
  for (const role of Object.keys(isRecord(roles) ? roles : {})) {
    const reason = `must not be given: make it by SQL as ${owner}, from where the database is reached; it arrives in every region`;
    yield { propertyPath: at("roles", role), reason };
  }
}
