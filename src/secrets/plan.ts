import type { Input } from "@pulumi/pulumi";
import { secretsDefaults, type KeyPairArgs, type PostgresSecretsArgs, type SecretsArgs } from "./args";
import { replicationRole, superuser } from "../roles";
import { certificateNames, type CertificateNames } from "./certificate-names";

/** What is the user's own, and what is generated in its place. */
export type Source<Brought, Generated> =
  | { readonly brought: Brought; readonly generated?: never }
  | { readonly brought?: never; readonly generated: Generated };

/** What one topology's secrets are made of. */
export interface SecretsPlan {
  readonly ca: Source<KeyPairArgs, { readonly commonName: string }>;
  readonly trustedCas: readonly Input<string>[];
  readonly servers: Readonly<Record<string, Source<KeyPairArgs, CertificateSubject>>>;
  readonly replication: Source<KeyPairArgs, CertificateSubject>;
  readonly clients: Readonly<Record<string, { readonly generated: CertificateSubject }>>;
  readonly passwords: Readonly<Record<string, Source<Input<string>, PasswordKeepers>>>;
  readonly certificateRotation: string;
  readonly caValidityHours: number;
  readonly certificateValidityHours: number;
  readonly renewalHours: number;
}

/** Whom a certificate is about. */
export interface CertificateSubject extends CertificateNames {
  readonly commonName: string;
}

/** A generated password lives for as long as these stay the same. */
export interface PasswordKeepers {
  readonly rotation: string;
}

/** Decides what is generated. `name` is the component's: the authority is called after it. */
export function secretsPlan(name: string, args: PostgresSecretsArgs): SecretsPlan {
  const days = { ...secretsDefaults, ...given(args) };
  const roleNames = [...new Set([superuser, replicationRole, ...Object.keys(args.roles)])];
  return {
    ca: source(args.ca, { commonName: authorityName(name) }),
    trustedCas: args.trustedCas ?? [],
    servers: mapEntries(Object.keys(args.regions), (region) =>
      source(own(args.serverCertificates, region), {
        commonName: region,
        ...certificateNames(args.regions[region]!.names),
      }),
    ),
    replication: source(args.replicationCertificate, ofRole(replicationRole)),
    clients: mapEntries(args.clients ?? [], (role) => ({ generated: ofRole(role) })),
    passwords: mapEntries(roleNames, (role) =>
      source(own(args.passwords, role) ?? own(args.roles, role)?.password, {
        rotation: days.passwordRotation,
      }),
    ),
    certificateRotation: days.certificateRotation,
    caValidityHours: days.caValidityDays * 24,
    certificateValidityHours: days.certificateValidityDays * 24,
    renewalHours: days.renewalDays * 24,
  };
}

/** Servers know a role by the common name. */
function ofRole(role: string): CertificateSubject {
  return { commonName: role, dnsNames: [], ipAddresses: [] };
}

/** A common name has 64 characters at most. */
function authorityName(name: string): string {
  return `PostgreSQL CA of ${name}`.slice(0, 64);
}

function source<Brought, Generated>(
  brought: Brought | undefined,
  generated: Generated,
): Source<Brought, Generated> {
  return brought === undefined ? { generated } : { brought };
}

function given(args: SecretsArgs): SecretsArgs {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

/** A role may be called `constructor`. */
function own<Value>(record: Record<string, Value> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function mapEntries<Value>(keys: readonly string[], value: (key: string) => Value): Record<string, Value> {
  return Object.fromEntries(keys.map((key) => [key, value(key)]));
}
