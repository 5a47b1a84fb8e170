import { isDeepStrictEqual } from "node:util";
import { releaseAnnotation } from "../manifests/names";
import { without } from "../without";
import type { LiveDeployment, LiveReplicaSet, LiveTemplate } from "./live";

const hashLabel = "pod-template-hash";

/** Says which release a region was taken back from, and which it got, until another has come up. */
export const putBackAnnotation = "multi-region-postgres/put-back";

/** Which release a Deployment is told to run. */
export function releaseOf({ spec }: LiveDeployment): string | undefined {
  return spec.template.metadata?.annotations?.[releaseAnnotation];
}

/**
 * The pods of a release, as the Deployment remembers them. Somebody may have changed them by hand since, under the
 * same name: the first are the right ones.
 */
export function templateOf(sets: readonly LiveReplicaSet[], release: string): LiveTemplate | undefined {
  const [first] = sets
    .filter(({ spec }) => spec.template.metadata?.annotations?.[releaseAnnotation] === release)
    .sort((one, other) => createdAt(one) - createdAt(other));
  return first === undefined ? undefined : withoutHash(first.spec.template);
}

function createdAt({ metadata }: LiveReplicaSet): number {
  return metadata.creationTimestamp?.getTime() ?? 0;
}

/** The label that a ReplicaSet adds to tell its pods from others'. */
export function withoutHash(template: LiveTemplate): LiveTemplate {
  const labels = without(template.metadata?.labels ?? {}, hashLabel);
  const { annotations } = template.metadata ?? {};
  return { ...template, metadata: { labels, ...(annotations === undefined ? {} : { annotations }) } };
}

/** What a region is to run. */
export interface Wanted {
  readonly release: string;
  /** Absent where an autoscaler decides. */
  readonly replicas?: number;
}

/** Whether a region is not told what it should be: it was put back, or somebody has changed it by hand. */
export function hasDrifted(
  live: LiveDeployment,
  sets: readonly LiveReplicaSet[],
  { release, replicas }: Wanted,
): boolean {
  const right = templateOf(sets, release);
  return (
    releaseOf(live) !== release ||
    (right !== undefined && !isDeepStrictEqual(right, withoutHash(live.spec.template))) ||
    (replicas !== undefined && live.spec.replicas !== replicas)
  );
}

/** The annotations that Kubernetes keeps for itself. */
const ofKubernetes = /^deployment\.kubernetes\.io\/|^kubectl\.kubernetes\.io\//;

/** What a Deployment is told, under the name by which Pulumi tells it, to run these pods. */
export function applied(
  { metadata, spec }: LiveDeployment,
  template: LiveTemplate,
  replicas: number | undefined,
): object {
  const { name, namespace, labels, annotations = {} } = metadata;
  const { selector, strategy, progressDeadlineSeconds } = spec;
  const own = Object.entries(annotations).filter(
    ([key]) => !ofKubernetes.test(key) && key !== putBackAnnotation,
  );
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, annotations: Object.fromEntries(own) },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector,
      strategy,
      progressDeadlineSeconds,
      template,
    },
  };
}
