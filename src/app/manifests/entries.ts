import type * as inputs from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import type { GatewayArgs, IngressArgs, WebServiceArgs } from "../entry-args";
import { appNames, labelsOf, serverLabels } from "./names";

const notAwaited = { "pulumi.com/skipAwait": "true" };

/** Where a stopped application answers there is nobody behind: so nothing is waited for but a load balancer's address. */
export function service(
  name: string,
  namespace: Input<string>,
  port: number,
  { type = "ClusterIP", port: own = 80, nodePort, annotations }: WebServiceArgs = {},
): inputs.core.v1.Service {
  const waiting =
    type === "LoadBalancer"
      ? { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" }
      : notAwaited;
  return {
    metadata: {
      name: appNames(name).app,
      namespace,
      labels: labelsOf(name),
      annotations: { ...annotations, ...waiting },
    },
    spec: {
      type,
      selector: serverLabels(name),
      ports: [{ name: "http", port: own, targetPort: port, ...(nodePort === undefined ? {} : { nodePort }) }],
    },
  };
}

export function ingress(
  name: string,
  namespace: Input<string>,
  { host, path = "/", className, tlsSecret, annotations }: IngressArgs,
): inputs.networking.v1.Ingress {
  const backend = { service: { name: appNames(name).app, port: { name: "http" } } };
  return {
    metadata: {
      name: appNames(name).app,
      namespace,
      labels: labelsOf(name),
      annotations: { ...annotations, ...notAwaited },
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    },
  };
}

/** Where an Ingress answers. */
export function urlOf({ host, path = "/", tlsSecret }: IngressArgs): string {
  return `${tlsSecret === undefined ? "http" : "https"}://${host}${path}`;
}

/** The fields of an `HTTPRoute` (gateway.networking.k8s.io/v1) that this package uses. */
export interface HttpRoute {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "HTTPRoute";
  readonly metadata: inputs.meta.v1.ObjectMeta;
  readonly spec: {
    readonly parentRefs: readonly { name: string; namespace?: string; sectionName?: string }[];
    readonly hostnames?: readonly string[];
    readonly rules: readonly object[];
  };
}

export function httpRoute(
  app: string,
  namespace: Input<string>,
  port: number,
  { name, namespace: its, sectionName, hostnames, path = "/" }: GatewayArgs,
): HttpRoute {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: appNames(app).app, namespace, labels: labelsOf(app) },
    spec: {
      parentRefs: [
        {
          name,
          ...(its === undefined ? {} : { namespace: its }),
          ...(sectionName === undefined ? {} : { sectionName }),
        },
      ],
      ...(hostnames === undefined ? {} : { hostnames }),
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: path } }],
          backendRefs: [{ name: appNames(app).app, port }],
        },
      ],
    },
  };
}
