import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { Provider } from "@pulumi/kubernetes/provider";
import type { Input, Resource } from "@pulumi/pulumi";

/** A region's Kubernetes cluster, as far as isolation is about it. */
export interface IsolatedRegion {
  kubeconfig: Input<string>;
  /** The addresses of its pods. */
  podCidr: Input<string>;
}

/**
 * Closes a region's part of the group to the pods of everybody else there. The group's own pods, the operator, and
 * clients and regions outside, at their ports, come in as ever. It takes a network that enforces policies.
 */
export function isolate(
  db: Resource,
  namespace: string,
  name: string,
  { kubeconfig, podCidr }: IsolatedRegion,
): void {
  const provider = new Provider(`${name}-isolation`, { kubeconfig });
  new NetworkPolicy(
    `${name}-isolation`,
    {
      metadata: { name: "isolation", namespace },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "cnpg-system" } } },
              { ipBlock: { cidr: "0.0.0.0/0", except: [podCidr] } },
            ],
          },
        ],
      },
    },
    { provider, dependsOn: [db] },
  );
}
