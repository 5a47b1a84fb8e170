import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../endpoints";
import { clusterOptions } from "../kubernetes/cluster-options";
import { declareObjects } from "../kubernetes/declare-objects";
import { neverProtected } from "../kubernetes/never-protected";
import type { PlannedRegion } from "../kubernetes/objects";
import { refuseIfAny } from "../rules";
import type { Topology } from "../topology";
import type { EndpointConfigArgs } from "./endpoint-config-args";
import { AppObjects } from "./resources";
import { endpointConfigFailures } from "./rules/endpoint-config";

/**
 * A database's endpoints in each region's Kubernetes cluster: a ConfigMap and a Secret by the component's name.
 *
 * | key | in | what it is |
 * |---|---|---|
 * | `writer-host`, `writer-port` | the ConfigMap | where writes go |
 * | `reader-host`, `reader-port` | the ConfigMap | where the region itself is read |
 * | `pooler-host`, `pooler-port` | the ConfigMap | the region's read-write pooler, if it has one |
 * | `ca.crt` | the ConfigMap | the authority of every server |
 * | `connection-uri`, `read-only-uri` | the Secret | `connectionUri`, and `readOnlyUris` of the region |
 * | `pooled-uri` | the Secret | `pooledUri`, if there is one |
 *
 * A handover changes values, and no name. Bad input is refused before anything is created, with one error that lists
 * every failure.
 *
 * @example
 * ```ts
 * new EndpointConfig("db-endpoints", {
 *   topology: db,
 *   regions: { rome: { kubeconfig, namespace: "shop" } },
 * });
 * ```
 */
export class EndpointConfig extends pulumi.ComponentResource {
  constructor(name: string, args: EndpointConfigArgs, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`EndpointConfig "${name}"`, endpointConfigFailures(name, args));
    super("multi-region-postgres:index:EndpointConfig", name, {}, options);
    const { topology, regions, lost = [] } = args;
    const planned = Object.keys(regions).map((region): PlannedRegion => {
      const { namespace, ...cluster } = regions[region]!;
      const objects = pulumi
        .output(namespace)
        .apply((space) =>
          ["ConfigMap", "Secret"].map((kind) => ({ apiVersion: "v1", kind, name, namespace: space })),
        );
      return { region, isLost: lost.includes(region), cluster, objects };
    });
    const objects = new AppObjects(`${name}-objects`, declareObjects(this, planned), { parent: this });
    for (const region of Object.keys(regions).sort()) {
      const { namespace, ...cluster } = regions[region]!;
      const own = {
        ...clusterOptions(this, name, region, cluster, lost.includes(region), objects),
        ...neverProtected,
      };
      const metadata = { name, namespace };
      new ConfigMap(`${name}-${region}-config`, { metadata, data: placesOf(topology, region) }, own);
      new Secret(`${name}-${region}-secret`, { metadata, stringData: urisOf(topology, region) }, own);
    }
    this.registerOutputs({});
  }
}

type Texts = Record<string, pulumi.Output<string>>;

function placesOf({ regions, writerEndpoint, caCertificate }: Topology, region: string): Texts {
  const { endpoint, pooler } = regions[region]!;
  return {
    ...placeOf("writer", writerEndpoint),
    ...placeOf("reader", endpoint),
    ...(pooler?.readWrite === undefined ? {} : placeOf("pooler", pooler.readWrite)),
    "ca.crt": caCertificate,
  };
}

function placeOf(who: string, endpoint: pulumi.Output<Endpoint>): Texts {
  return {
    [`${who}-host`]: endpoint.apply(({ host }) => host),
    [`${who}-port`]: endpoint.apply(({ port }) => String(port)),
  };
}

function urisOf({ connectionUri, readOnlyUris, pooledUri }: Topology, region: string): Texts {
  const uris = {
    "connection-uri": connectionUri,
    "read-only-uri": readOnlyUris[region]!,
    ...(pooledUri === undefined ? {} : { "pooled-uri": pooledUri }),
  };
  return Object.fromEntries(Object.entries(uris).map(([key, uri]) => [key, pulumi.secret(uri)]));
}
