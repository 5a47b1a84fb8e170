import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import { refuseIfAny } from "../rules";
import type { KeyPairArgs, PostgresSecretsArgs } from "./args";
import { secretsPlan, type CertificateSubject, type SecretsPlan, type Source } from "./plan";
import {
  secretsResourceNames,
  type CertificateResourceNames,
  type SecretsResourceNames,
} from "./resource-names";
import { postgresSecretsFailures } from "./rules";

/** A certificate and its private key, PEM. */
export interface KeyPair {
  /** The certificate. Where intermediates signed a certificate that was brought, they follow it. */
  readonly certificate: pulumi.Output<string>;

  /** The private key, unencrypted. Secret. */
  readonly privateKey: pulumi.Output<string>;
}

/**
 * The certificates and passwords of one topology: an authority, a certificate for every region's server, one
 * for replication and for each of `clients`, and a password for every role. Whatever is brought is passed on, and nothing is generated
 * in its place; keys are ECDSA P-256.
 *
 * A region that comes or goes touches no other's. A certificate is renewed by the `pulumi up` that follows the
 * start of its last `renewalDays`. `certificateRotation` needs `@pulumi/pulumi` and a CLI of 3.212 or later:
 * earlier ones know no `replacementTrigger`, and ignore it.
 */
export class PostgresSecrets extends pulumi.ComponentResource {
  /** The authority that signs what is generated. */
  readonly authority: KeyPair;

  /** What clients and servers trust: the authority, then every one of `trustedCas`. PEM. */
  readonly caCertificate: pulumi.Output<string>;

  /** The servers' certificates, by region. For server authentication only. */
  readonly servers: Readonly<Record<string, KeyPair>>;

  /** The certificate by which readers log in as `streaming_replica`. For client authentication only. */
  readonly replication: KeyPair;

  /** The certificates of `clients`, by role. For client authentication only. */
  readonly clients: Readonly<Record<string, KeyPair>>;

  /** The passwords, by role: `postgres`, `streaming_replica` and all of `roles`. Secret. */
  readonly passwords: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PostgresSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`PostgresSecrets "${name}"`, postgresSecretsFailures(args));
    // A renewed certificate and a new password replace the old one: protection would block them, and with them every
    // other change of the same update, a failover included. Children inherit this.
    super("multi-region-postgres:index:PostgresSecrets", name, {}, { ...opts, protect: false });

    const plan = secretsPlan(name, args);
    const names = secretsResourceNames(name);
    const authority = createAuthority(this, names, plan);

    this.authority = authority;
    this.caCertificate = trustBundle(authority, plan);
    this.servers = mapValues(plan.servers, (server, region) =>
      createCertificate(this, names.server(region), server, "server_auth", authority, plan),
    );
    this.replication = createCertificate(
      this,
      names.replication,
      plan.replication,
      "client_auth",
      authority,
      plan,
    );
    this.clients = mapValues(plan.clients, (client, role) =>
      createCertificate(this, names.client(role), client, "client_auth", authority, plan),
    );
    this.passwords = mapValues(plan.passwords, (password, role) =>
      createPassword(this, names.password(role), password),
    );

    this.registerOutputs({ caCertificate: this.caCertificate });
  }
}

/** What is public, and yet no reading matter: as a secret, `pulumi up --diff` does not print it. */
const unprinted = {
  key: { additionalSecretOutputs: ["publicKeyPem", "publicKeyOpenssh"] },
  request: { additionalSecretOutputs: ["certRequestPem"] },
  certificate: { additionalSecretOutputs: ["certPem"] },
};

const ecdsaP256 = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** Rotation leaves the authority alone: whoever trusts it goes on trusting what it signs. */
function createAuthority(parent: pulumi.Resource, names: SecretsResourceNames, plan: SecretsPlan): KeyPair {
  if (plan.ca.brought) {
    return broughtKeyPair(plan.ca.brought);
  }
  const key = new PrivateKey(names.caKey, ecdsaP256, { parent, ...unprinted.key });
  const certificate = new SelfSignedCert(
    names.ca,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: plan.ca.generated.commonName },
      isCaCertificate: true,
      setSubjectKeyId: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      validityPeriodHours: plan.caValidityHours,
      earlyRenewalHours: plan.renewalHours,
    },
    { parent, ...unprinted.certificate },
  );
  return { certificate: pulumi.unsecret(certificate.certPem), privateKey: pulumi.secret(key.privateKeyPem) };
}

function trustBundle(authority: KeyPair, plan: SecretsPlan): pulumi.Output<string> {
  return pulumi
    .all([authority.certificate, ...plan.trustedCas])
    .apply((certificates) => certificates.map((certificate) => `${certificate.trim()}\n`).join(""));
}

function createCertificate(
  parent: pulumi.Resource,
  names: CertificateResourceNames,
  { brought, generated }: Source<KeyPairArgs, CertificateSubject>,
  use: "server_auth" | "client_auth",
  authority: KeyPair,
  plan: SecretsPlan,
): KeyPair {
  if (brought) {
    return broughtKeyPair(brought);
  }
  // The request and the certificate follow the key. The engine takes a first trigger for no change, so there
  // must be one from the first day, if only an empty one.
  const key = new PrivateKey(names.key, ecdsaP256, {
    parent,
    replacementTrigger: plan.certificateRotation,
    ...unprinted.key,
  });
  const { commonName, dnsNames, ipAddresses } = generated;
  const request = new CertRequest(
    names.request,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName },
      ...(dnsNames.length > 0 && { dnsNames }),
      ...(ipAddresses.length > 0 && { ipAddresses }),
    },
    { parent, ...unprinted.request },
  );
  const certificate = new LocallySignedCert(
    names.certificate,
    {
      // Given as secrets, so that a preview of a rotation is not full of them.
      certRequestPem: pulumi.secret(request.certRequestPem),
      caCertPem: pulumi.secret(authority.certificate),
      caPrivateKeyPem: authority.privateKey,
      setSubjectKeyId: true,
      allowedUses: ["digital_signature", use],
      validityPeriodHours: plan.certificateValidityHours,
      earlyRenewalHours: plan.renewalHours,
    },
    { parent, ...unprinted.certificate },
  );
  return { certificate: pulumi.unsecret(certificate.certPem), privateKey: pulumi.secret(key.privateKeyPem) };
}

/** Letters and digits alone survive every shell, URI and configuration file. */
function createPassword(
  parent: pulumi.Resource,
  name: string,
  { brought, generated }: SecretsPlan["passwords"][string],
): pulumi.Output<string> {
  if (brought !== undefined) {
    return pulumi.secret(brought);
  }
  const password = new RandomPassword(
    name,
    { length: 32, special: false, keepers: { ...generated } },
    { parent },
  );
  return pulumi.secret(password.result);
}

function broughtKeyPair({ certificate, privateKey }: KeyPairArgs): KeyPair {
  return { certificate: pulumi.output(certificate), privateKey: pulumi.secret(privateKey) };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
