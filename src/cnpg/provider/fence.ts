import { setTimeout as sleep } from "node:timers/promises";
import type { Access } from "../kubernetes/access";
import type { LiveCluster } from "../kubernetes/live-cluster";
import { isWriter } from "../kubernetes/live-cluster";
import { RegionCluster } from "../kubernetes/region";
import type { TopologyInputs } from "./inputs";
import type { Seen } from "./regions";

export const fencedInstances = "cnpg.io/fencedInstances";

/** The region that a failover promotes instead of the one that is fenced. */
export const fencedFor = "multi-region-postgres/fenced-for";

/** A request to a lost region that is answered by no one ends after this time: no one can write meanwhile. */
const requestSeconds = 2;
/** PostgreSQL ends its sessions and writes a checkpoint before it is down. */
const downSeconds = 30;
const pollMilliseconds = 200;

/**
 * Stops all instances of a region, before anything else is done to it.
 *
 * @param successor The region that is promoted instead, for a fence that is taken back if that does not happen.
 */
export async function fence(region: RegionCluster, successor?: string): Promise<void> {
  await annotate(region, {
    [fencedInstances]: '["*"]',
    ...(successor === undefined ? {} : { [fencedFor]: successor }),
  });
}

/** The region for which a failover of ours has fenced this one. */
export function successorOf({ metadata }: LiveCluster): string | undefined {
  return metadata.annotations?.[fencedFor];
}

/**
 * Fences the writer that is lost, if its Kubernetes API answers, and waits until its server is down: until then it may
 * acknowledge what the next writer does not have.
 *
 * @returns what was not possible, and undefined where the region is certain to accept no write
 */
export async function fenceLostWriter(
  access: Access,
  successor: string,
  patience = downSeconds,
): Promise<string | undefined> {
  const name = access.region;
  try {
    const region = await RegionCluster.connect(access, requestSeconds);
    const live = await region.read();
    if (live === undefined) {
      return undefined;
    }
    await fence(region, successor);
    const obstacle = await untilDown(region, live, patience);
    return obstacle && `${name} is fenced, and was not seen to be down within ${patience} s: ${obstacle}`;
  } catch (error) {
    return `${name} is not fenced: ${(error as Error).message}`;
  }
}

/** @returns why the server was not seen to be down */
async function untilDown(
  region: RegionCluster,
  live: LiveCluster,
  patience: number,
): Promise<string | undefined> {
  for (const end = Date.now() + patience * 1000; ; await sleep(pollMilliseconds)) {
    const state = await stateOfServer(region, live);
    if (state === "down") {
      return undefined;
    }
    if (Date.now() > end) {
      return state;
    }
  }
}

async function stateOfServer(region: RegionCluster, live: LiveCluster): Promise<string> {
  if (live.status?.currentPrimary === undefined) {
    return "down";
  }
  try {
    const session = await region.psqlOnce(live);
    try {
      await session.query("SELECT 1 AS one");
      return "its server answers";
    } finally {
      session.close();
    }
  } catch (error) {
    const { message } = error as Error;
    return noServer.test(message) ? "down" : message;
  }
}

/** psql found no socket in the instance, or the instance is not there. */
const noServer = /No such file or directory|Connection refused|not found|Unexpected server response: 404/;

/**
 * Takes back the fence of a failover that was abandoned: the region writes on. It is refused where the other region
 * may have been promoted.
 */
export async function liftFence(
  target: Seen,
  seen: readonly Seen[],
  { regions }: TopologyInputs,
): Promise<void> {
  const successor = successorOf(target.live!)!;
  const own = target.live!.status?.timelineID ?? 0;
  const later = seen.filter(
    ({ live }) =>
      live !== undefined && live !== target.live && (isWriter(live) || (live.status?.timelineID ?? 0) > own),
  );
  const isKnown = regions[successor] !== undefined;
  if (later.length > 0 || !isKnown) {
    const reason = isKnown
      ? `${later.map(({ name }) => name).join(", ")} has gone on without ${target.name}`
      : `${successor}, which was to be promoted, is not in regions, so no one knows whether it has written`;
    throw new Error(
      `${target.name} was fenced in a failover to ${successor}, and stays fenced: ${reason}. ` +
        `Run pulumi up with primary ${later[0]?.name ?? successor} and lost [${target.name}], and without lost then: ` +
        `${target.name} comes back as a reader, and what it alone holds is discarded`,
    );
  }
  await annotate(target.region, { [fencedInstances]: null, [fencedFor]: null });
}

function annotate(
  region: RegionCluster,
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { cluster: name, namespace } = region.access;
  return region.merge({
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name, namespace, annotations: annotations as Record<string, string> },
  });
}
