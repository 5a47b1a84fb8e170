import type { ClusterSpec } from "../manifests/cluster-types";
import { externalWriterCluster } from "../manifests/names";

/** What is read of a `Cluster` as the API server has it. */
export interface LiveCluster {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: ClusterSpec;
  readonly status?: {
    readonly phase?: string;
    readonly phaseReason?: string;
    readonly currentPrimary?: string;
    readonly readyInstances?: number;
    readonly demotionToken?: string;
    readonly lastPromotionToken?: string;
    readonly systemID?: string;
    readonly timelineID?: number;
    readonly pgDataImageInfo?: { readonly majorVersion: number };
    readonly switchReplicaClusterStatus?: { readonly inProgress?: boolean };
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

export const healthy = "Cluster in healthy state";

/** Whether a region is told to write, and may do so, whatever it does this moment. */
export function isWriter({ spec: { replica }, metadata: { name } }: LiveCluster): boolean {
  return replica.primary === (replica.self || name);
}

/** Whether it is told that the writer is one outside the topology. */
export function followsOutside({ spec: { replica } }: LiveCluster): boolean {
  return replica.primary === externalWriterCluster;
}

/** Whether all of its instances are there and nothing is being changed. */
export function isHealthy({ status, spec }: LiveCluster): boolean {
  return status?.phase === healthy && status.readyInstances === spec.instances;
}

export function isHibernated({ status }: LiveCluster): boolean {
  return conditionOf(status, "cnpg.io/hibernation") === "True";
}

/** Whether the operator is making a reader of it just now: it takes no other role meanwhile. */
export function isBeingDemoted({ status }: LiveCluster): boolean {
  return status?.switchReplicaClusterStatus?.inProgress === true;
}

/**
 * What the writer left when it was demoted: absent until the operator has shut it down and read where it stopped, and
 * taken away by the operator once it writes again.
 */
export function demotionTokenOf(live: LiveCluster): string | undefined {
  return isWriter(live) ? undefined : live.status?.demotionToken || undefined;
}

/** In what state it is, as `kubectl get cluster` tells it. */
export function stateOf(live: LiveCluster | undefined): string {
  if (live === undefined) {
    return "it has no Cluster";
  }
  const { status, spec } = live;
  const { phase = "not yet looked at by the operator", phaseReason, readyInstances = 0 } = status ?? {};
  const reason = phaseReason ? `: ${phaseReason}` : "";
  return `${phase}${reason} (${readyInstances} of ${spec.instances} instances ready)`;
}

function conditionOf(status: LiveCluster["status"], type: string): string | undefined {
  return status?.conditions?.find((condition) => condition.type === type)?.status;
}
