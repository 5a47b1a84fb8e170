import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { isWriter, type LiveCluster } from "../kubernetes/live-cluster";
import type { RegionCluster } from "../kubernetes/region";
import type { ClusterSpec } from "../manifests/cluster-types";
import { nextWriter } from "./claim";
import { fence, fencedFor, fencedInstances } from "./fence";
import type { Seen } from "./regions";

const retained = "multi-region-postgres/retained-from";
const deletionSeconds = 180;
const bootstrapSeconds = 120;

/**
 * Makes a reader of a region that wrote, was lost, and has come back: what it acknowledged since is unknown.
 *
 * @param target The primary, which must write already.
 * @param other The region that writes where the primary does not.
 */
export async function returnAsReader(
  { name, region, live }: Seen,
  target: Seen | undefined,
  other: Seen | undefined,
): Promise<void> {
  if (target?.live === undefined || !isWriter(target.live)) {
    if (other !== undefined) {
      throw new Error(
        `${name} comes back as a reader first: run pulumi up with primary ${other.name}, and move the writer then`,
      );
    }
    throw new Error(
      `${name} was lost, and no other region has been promoted since. Run pulumi up with lost [${name}] to go on ` +
        `with the failover, or with primary ${name} to take it back`,
    );
  }
  await fence(region);
  const { cluster } = target.region.access;
  await cloneAfresh(region, live!, { primary: cluster, source: cluster });
}

/** Who writes, and whom a reader follows, by the names that a `Cluster` has for them. */
export type Upstream = Pick<ClusterSpec["replica"], "primary" | "source">;

/**
 * Makes a region's database anew, as a copy of another region's. The old volumes stay, for whoever wants to look
 * for what is missing: they are kept by their PersistentVolumes, which say whose they were.
 */
export async function cloneAfresh(
  region: RegionCluster,
  live: LiveCluster,
  upstream: Upstream,
): Promise<void> {
  await retainVolumes(region);
  await region.delete(deletionSeconds);
  const { apiVersion, kind, metadata, spec } = live;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => ![fencedInstances, fencedFor, nextWriter].includes(name),
  );
  await region.apply({
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: metadata.labels,
      annotations: Object.fromEntries(annotations),
    },
    spec: { ...spec, ...copyOf(spec, upstream) },
  } as KubernetesObject);
  const first = `cnpg.io/cluster=${metadata.name}`;
  await region.waitFor(bootstrapSeconds, async (cluster) => {
    const hasBegun =
      (cluster?.status?.readyInstances ?? 0) > 0 || (await region.list("batch/v1", "Job", first)).length > 0;
    return hasBegun || "the operator has not begun to clone its first instance";
  });
}

function copyOf(
  { bootstrap, replica }: ClusterSpec,
  upstream: Upstream,
): Pick<ClusterSpec, "bootstrap" | "replica"> {
  const [from] = Object.values(bootstrap) as { database: string; owner: string; secret: { name: string } }[];
  const { database, owner, secret } = from!;
  return {
    bootstrap: { pg_basebackup: { source: upstream.source, database, owner, secret } },
    replica: { self: replica.self, ...upstream },
  };
}

interface Claim extends KubernetesObject {
  readonly spec?: { readonly volumeName?: string };
}

async function retainVolumes(region: RegionCluster): Promise<void> {
  const { cluster, namespace } = region.access;
  const claims = await region.list<Claim>("v1", "PersistentVolumeClaim", `cnpg.io/cluster=${cluster}`);
  const volumes = claims.flatMap(({ spec }) => spec?.volumeName ?? []);
  await Promise.all(
    volumes.map((name) =>
      region.merge({
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name, annotations: { [retained]: `${namespace}/${cluster}` } },
        spec: { persistentVolumeReclaimPolicy: "Retain" },
      } as KubernetesObject),
    ),
  );
}
