import type { CnpgRegionPlan, CnpgTopologyPlan } from "../plan";
import type { ClusterSpec } from "./cluster-types";
import { manifestNames, poolerName } from "./names";

/** The secrets in which a region has its certificates, whoever made them. What is undefined the operator makes. */
export interface CertificateSecrets {
  /** The authority's that signed the servers'. */
  readonly ca: string;
  /** The authority's that signed the clients'. */
  readonly clientCa: string;
  readonly server: string | undefined;
  /** That by which it follows other regions. */
  readonly replication: string;
  /** That by which its poolers look up passwords. */
  readonly pooler: string | undefined;
}

export function certificateSecrets(
  { name, certificates }: CnpgTopologyPlan,
  { cluster }: CnpgRegionPlan,
): CertificateSecrets {
  const { ca, server, replication, pooler } = manifestNames(name);
  if (certificates === "shared") {
    return { ca, clientCa: ca, server, replication, pooler };
  }
  return certificates === "operator"
    ? { ca, clientCa: ca, server: undefined, replication: `${cluster}-replication`, pooler: undefined }
    : { clientCa: certificates.ca, ...certificates, pooler: certificates.pooler };
}

/** What the operator is told of certificates. It knows the names of its own services, but not those of poolers. */
export function certificatesSpec(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
): ClusterSpec["certificates"] {
  const { ca, clientCa, server, replication } = certificateSecrets(plan, region);
  const authority = { serverCASecret: ca, clientCASecret: clientCa };
  return server === undefined
    ? { ...authority, serverAltDNSNames: [region.host, ...poolerServices(plan, region)] }
    : { ...authority, serverTLSSecret: server, replicationTLSSecret: replication };
}

/** By which clients reach a region's servers and poolers: from outside, and by services from inside. */
export function serverNames(plan: CnpgTopologyPlan, region: CnpgRegionPlan): string[] {
  const services = ["rw", "ro", "r"].map((kind) => `${region.cluster}-${kind}`);
  return [
    region.host,
    ...services.flatMap((service) => namesOf(service, plan)),
    ...poolerServices(plan, region),
  ];
}

/** Poolers show the certificate of the servers. It names them from the first day, whether there are any or not. */
function poolerServices(plan: CnpgTopologyPlan, { cluster }: CnpgRegionPlan): string[] {
  return (["rw", "ro"] as const).flatMap((type) => namesOf(poolerName(cluster, type), plan));
}

function namesOf(service: string, { namespace }: CnpgTopologyPlan): string[] {
  return ["", `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map(
    (suffix) => `${service}${suffix}`,
  );
}
