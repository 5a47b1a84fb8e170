import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

/** A region that is a Kubernetes cluster, as a user declares it. */
export interface DeclaredCluster {
  readonly kubeconfig: pulumi.Input<string>;
  readonly context?: pulumi.Input<string>;
}

/**
 * The options of all that a region has. Of a lost one everything stays in the state as it was, and nothing is
 * contacted: it comes back with what it was last told, and is then told what it missed.
 *
 * @param name That of the component.
 */
export function clusterOptions(
  parent: pulumi.Resource,
  name: string,
  region: string,
  { kubeconfig, context }: DeclaredCluster,
  isLost: boolean,
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
      deleteUnreachable: isLost,
    },
    { parent },
  );
  return { parent, provider, ...(isLost ? { ignoreChanges: ["*"] } : {}) };
}

/** Nobody answers there, and at once. */
const nowhere = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "lost", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "lost", user: {} }],
  contexts: [{ name: "lost", context: { cluster: "lost", user: "lost" } }],
  "current-context": "lost",
});
