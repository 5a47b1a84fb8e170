import type { Endpoint } from "../endpoints";
import { planRegions, type RegionPlan, type TopologyPlan } from "../topology-plan";
import type { CertificatesArgs } from "./certificates-args";
import type { CnpgClusterArgs, CnpgPostgresArgs, CnpgRegionArgs, ServiceArgs } from "./args";
import type { ExternalWriterArgs } from "./external-writer";
import { poolerName, type PoolerType } from "./manifests/names";
import type { PoolerArgs, PoolersArgs } from "./pooler-args";

/** One region, as far as it follows from the arguments alone. */
export interface CnpgRegionPlan extends RegionPlan {
  /** The name of the region's `Cluster`, by which the other regions know it too. */
  readonly cluster: string;
  readonly host: string;
  readonly port: number;
  readonly service: ServiceArgs & { readonly type: "NodePort" | "LoadBalancer" };
  /** What the region's `Cluster` is like: the region's own wishes before those of all regions. */
  readonly wishes: CnpgClusterArgs;
  readonly poolers: readonly PoolerPlan[];
}

/** One pooler of a region. */
export interface PoolerPlan {
  readonly kind: keyof PoolersArgs;
  readonly type: PoolerType;
  /** That of its `Pooler`, its Deployment and its service. */
  readonly name: string;
  readonly wishes: PoolerArgs;
}

export interface CnpgTopologyPlan extends TopologyPlan<CnpgRegionPlan> {
  /** The component's name: that of everything that all regions have alike. */
  readonly name: string;
  readonly namespace: string;
  readonly certificates: CertificatesArgs;
  /** Where the data came from when the topology was founded. */
  readonly origin: "nothing" | "recovery" | "clone" | "import";
  /** How the first data directory is made, as a text that does not depend on the order of its properties. */
  readonly initdb?: string;
  /** Where the writer is that `primary` follows, and every region through it. Without one, `primary` writes. */
  readonly externalWriter?: Endpoint;
}

/** What follows from valid arguments. */
export function planTopology(name: string, args: CnpgPostgresArgs): CnpgTopologyPlan {
  const plan = planRegions(args, (region, regionName) => {
    const type = region.service?.type ?? "NodePort";
    const cluster = clusterName(name, regionName);
    const wishes = { ...args.defaults, ...onlyWishes(region) };
    return {
      cluster,
      host: region.host,
      port: region.port ?? defaultPorts[type],
      service: { ...region.service, type },
      wishes,
      poolers: planPoolers(cluster, wishes),
    };
  });
  const named = {
    ...plan,
    name,
    namespace: args.namespace ?? name,
    certificates: args.certificates ?? "shared",
    origin: originOf(args),
    ...(args.initdb === undefined ? {} : { initdb: initdbText(args.initdb) }),
  };
  return args.externalWriter === undefined ? named : following(named, args.externalWriter);
}

function initdbText(initdb: object): string {
  const given = Object.entries(initdb).filter(([, value]) => value !== undefined);
  return given
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function originOf({ origin }: CnpgPostgresArgs): CnpgTopologyPlan["origin"] {
  if (origin === undefined) {
    return "nothing";
  }
  return "recovery" in origin ? "recovery" : "clone" in origin ? "clone" : "import";
}

const poolerTypes: Readonly<Record<keyof PoolersArgs, PoolerType>> = { readWrite: "rw", readOnly: "ro" };

function planPoolers(cluster: string, { poolers = {} }: CnpgClusterArgs): PoolerPlan[] {
  return (["readWrite", "readOnly"] as const).flatMap((kind) => {
    const [type, wishes] = [poolerTypes[kind], poolers[kind]];
    return wishes === undefined ? [] : [{ kind, type, name: poolerName(cluster, type), wishes }];
  });
}

function following(plan: CnpgTopologyPlan, { host, port = 5432 }: ExternalWriterArgs): CnpgTopologyPlan {
  const regions = plan.regions.map((region) => ({ ...region, role: "reader" as const }));
  const primary = regions.find(({ region }) => region === plan.primary.region)!;
  return { ...plan, regions, primary, externalWriter: { host, port } };
}

/** Part of the contract: a `Cluster` that is renamed is another database. */
export function clusterName(name: string, region: string): string {
  return `${name}-${region}`;
}

/** The ports of a region that names none. */
export const defaultPorts = { NodePort: 30432, LoadBalancer: 5432 } as const;

/** What is undefined leaves what all regions have. */
function onlyWishes(region: CnpgRegionArgs): CnpgClusterArgs {
  const given = Object.entries(region).filter(([property, value]) => isWish(property) && value !== undefined);
  return Object.fromEntries(given);
}

function isWish(property: string): boolean {
  return !["kubeconfig", "context", "host", "port", "service", "hibernated"].includes(property);
}
