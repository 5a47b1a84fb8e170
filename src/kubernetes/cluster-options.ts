import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { ownerAnnotation, type OwningResource } from "./owner";

/** A region that is a Kubernetes cluster, as a user declares it. */
export interface DeclaredCluster {
  readonly kubeconfig: pulumi.Input<string>;
  readonly context?: pulumi.Input<string>;
}

/**
 * The options of all that a region has. Everything of a lost region stays in the state as it was, and its cluster is
 * not contacted, neither by an update nor by a refresh or a destruction. When the region comes back, it gets the
 * changes that it missed.
 *
 * @param name That of the component.
 * @param objects The resource that looks first whether an object of another owner is in the way.
 */
export function clusterOptions(
  parent: pulumi.Resource,
  name: string,
  region: string,
  { kubeconfig, context }: DeclaredCluster,
  isLost: boolean,
  objects: OwningResource,
): pulumi.CustomResourceOptions {
  const provider = new Provider(
    `${name}-${region}`,
    {
      clusterIdentifier: region,
      // A secret that is missing for a moment, as while it is replaced, can cost an instance its reload for good.
      enableSecretMutable: true,
      kubeconfig: isLost ? nowhere : pulumi.secret(kubeconfig),
      ...(isLost || context === undefined ? {} : { context }),
      skipUpdateUnreachable: isLost,
      // Objects are created by server-side apply: after a POST, their fields belong to another manager until the first
      // real update, and until then a preview that takes a field away fails (pulumi-kubernetes 4.29 and later).
      upsertExistingObjects: true,
    },
    { parent, dependsOn: objects },
  );
  const transformations: pulumi.ResourceTransformation[] = [
    ({ props, opts }) => ({ props: ownedBy(objects.objectOwner, props), opts }),
  ];
  return { parent, provider, transformations, ...(isLost ? untouched : {}) };
}

/** An object that names its owner. There is no owner under mocks of a user, whose resources have no outputs. */
export function ownedBy<Manifest extends { readonly metadata?: { readonly annotations?: object } }>(
  owner: pulumi.Output<string | undefined>,
  { metadata, ...rest }: Manifest,
) {
  const annotations = pulumi
    .all([metadata?.annotations, owner])
    .apply(([given, named]) => (named === undefined ? given : { ...given, ...ownerAnnotation(named) }));
  return { ...rest, metadata: { ...metadata, annotations } };
}

/** `deleteUnreachable` is no way to this: a refresh would then drop the region from the state. */
const untouched = { ignoreChanges: ["*"], retainOnDelete: true };

/** Nobody answers there, and at once. */
const nowhere = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "lost", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "lost", user: {} }],
  contexts: [{ name: "lost", context: { cluster: "lost", user: "lost" } }],
  "current-context": "lost",
});
