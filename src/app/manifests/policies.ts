import { isIP } from "node:net";
import type * as inputs from "@pulumi/kubernetes/types/input";
import type { Input } from "@pulumi/pulumi";
import type { Endpoint } from "../../endpoints";
import type { AutoscalingArgs, EgressArgs } from "../args";
import { appNames, labelsOf, serverLabels } from "./names";

/** How many pods there are, by their load. */
export function autoscaler(
  name: string,
  namespace: Input<string>,
  { min = 2, max, cpu = 70 }: AutoscalingArgs,
): inputs.autoscaling.v2.HorizontalPodAutoscaler {
  const target = { type: "Utilization", averageUtilization: cpu };
  return {
    metadata: {
      name: appNames(name).app,
      namespace,
      labels: labelsOf(name),
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: appNames(name).app },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
    },
  };
}

/** One pod may be drained at a time, and any that does not work. */
export function disruptionBudget(
  name: string,
  namespace: Input<string>,
): inputs.policy.v1.PodDisruptionBudget {
  return {
    metadata: { name: appNames(name).app, namespace, labels: labelsOf(name) },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: serverLabels(name) },
    },
  };
}

/** What PostgreSQL listens on behind a service. */
const serverPort = 5432;

/** What connects to the pods, and what they connect to. */
export function networkPolicy(
  name: string,
  namespace: Input<string>,
  port: number,
  egress: Input<inputs.networking.v1.NetworkPolicyEgressRule[]>,
): inputs.networking.v1.NetworkPolicy {
  return {
    metadata: { name: appNames(name).app, namespace, labels: labelsOf(name) },
    spec: {
      podSelector: { matchLabels: labelsOf(name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [{ protocol: "TCP", port }] }],
      egress,
    },
  };
}

/**
 * DNS, the databases, and what the user adds. A policy knows no names: where a database has one, its port is let
 * through to anywhere. Where a region's own service is asked, some networks look at a policy after the service has
 * given way to its pod and the pod's port.
 */
export function egressRules(
  databases: readonly Endpoint[],
  further: readonly EgressArgs[],
): inputs.networking.v1.NetworkPolicyEgressRule[] {
  const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));
  const addresses = unique(databases.map(({ host }) => host).filter((host) => isIP(host) !== 0));
  const named = unique(databases.filter(({ host }) => isIP(host) === 0).map(({ port }) => port));
  return [
    {
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
    ...addresses.map((address) => ({
      to: [{ ipBlock: { cidr: `${address}/${isIP(address) === 4 ? 32 : 128}` } }],
      ports: tcp(unique(databases.filter(({ host }) => host === address).map(({ port }) => port))),
    })),
    ...(named.length === 0 ? [] : [{ ports: tcp(named) }]),
    ...(databases.length === 0 ? [] : [{ to: [{ namespaceSelector: {} }], ports: tcp([serverPort]) }]),
    ...further.map(({ cidrs, ports }) => ({
      ...(cidrs === undefined ? {} : { to: cidrs.map((cidr) => ({ ipBlock: { cidr } })) }),
      ...(ports === undefined ? {} : { ports: tcp(ports) }),
    })),
  ];
}

function unique<T extends string | number>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}
