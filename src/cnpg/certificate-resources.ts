import { createPrivateKey } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { PostgresSecretsArgs } from "../secrets/args";
import type { KeyPair, PostgresSecrets } from "../secrets/postgres-secrets";
import { mapRegions } from "../topology-outputs";
import { serverNames } from "./manifests/certificates";
import { manifestNames } from "./manifests/names";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";
import { poolerRole } from "./pooler-role";
import { mustBeEc } from "./rules/certificates";

/** Whose certificates are made by us: everybody's where they are shared, and nobody's else. */
export function certificateHolders(
  plan: CnpgTopologyPlan,
): Required<Pick<PostgresSecretsArgs, "regions" | "clients">> {
  if (plan.certificates !== "shared") {
    return { regions: {}, clients: [] };
  }
  return {
    regions: mapRegions(plan.regions, (region) => ({ names: serverNames(plan, region) })),
    clients: plan.regions.some(({ poolers }) => poolers.length > 0) ? [poolerRole] : [],
  };
}

/** A secret in which a region has a certificate. */
export interface CertificateSecret {
  /** What tells it from the others, in the names of resources. */
  readonly part: string;
  readonly name: string;
  readonly type: "Opaque" | "kubernetes.io/tls";
  readonly data: Record<string, pulumi.Input<string>>;
}

/** The secrets that a region is given for certificates. */
export function certificateSecretsOf(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  secrets: PostgresSecrets,
): CertificateSecret[] {
  const names = manifestNames(plan.name);
  const authority = { part: "ca", name: names.ca, type: "Opaque" } as const;
  const caCertificate = { "ca.crt": secrets.caCertificate };
  if (plan.certificates === "operator") {
    return [{ ...authority, data: { ...caCertificate, "ca.key": operatorsKey(secrets.authority) } }];
  }
  if (plan.certificates !== "shared") {
    return [];
  }
  return [
    { ...authority, data: caCertificate },
    ofKeyPair("server", names.server, secrets.servers[region.region]!),
    ofKeyPair("replication", names.replication, secrets.replication),
    ...(region.poolers.length > 0 ? [ofKeyPair("pooler", names.pooler, secrets.clients[poolerRole]!)] : []),
  ];
}

function ofKeyPair(part: string, name: string, { certificate, privateKey }: KeyPair): CertificateSecret {
  return { part, name, type: "kubernetes.io/tls", data: { "tls.crt": certificate, "tls.key": privateKey } };
}

/** The operator reads keys of elliptic curves alone, and these as SEC 1 has them. */
function operatorsKey({ privateKey }: KeyPair): pulumi.Output<string> {
  return privateKey.apply((pem) => {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== "ec") {
      throw new Error(`secrets.ca.privateKey ${mustBeEc}, not ${key.asymmetricKeyType}`);
    }
    return key.export({ type: "sec1", format: "pem" });
  }) as pulumi.Output<string>;
}
