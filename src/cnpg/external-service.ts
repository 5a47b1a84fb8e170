import { Service } from "@pulumi/kubernetes/core/v1/service";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceArgs } from "./args";

/** What clients outside the region's Kubernetes cluster reach, and where. */
export interface ExternalServiceArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly service: ServiceArgs & { readonly type: "NodePort" | "LoadBalancer" };
  readonly port: number;
  /** The labels of the pods behind it, which listen on 5432. */
  readonly selector: Readonly<Record<string, string>>;
}

export function createExternalService(
  resourceName: string,
  { name, namespace, service, port, selector }: ExternalServiceArgs,
  options: pulumi.CustomResourceOptions,
): Service {
  const { type, annotations, loadBalancerSourceRanges } = service;
  return new Service(
    resourceName,
    {
      metadata: {
        name,
        namespace,
        // There is nobody behind it before the database is there.
        annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type,
        selector,
        ports: [
          {
            name: "postgres",
            port: type === "NodePort" ? 5432 : port,
            targetPort: 5432,
            ...(type === "NodePort" ? { nodePort: port } : {}),
          },
        ],
        ...(loadBalancerSourceRanges === undefined ? {} : { loadBalancerSourceRanges }),
      },
    },
    options,
  );
}
