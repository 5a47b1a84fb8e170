import * as pulumi from "@pulumi/pulumi";
import type { RegionalAppArgs } from "../../../src/app/args";
import { RegionalApp } from "../../../src/app/regional-app";
import { registeredBy } from "../../support/registered";
import { topologyOf } from "./topology";

/** What was registered, as the engine would see it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  // Manifests are looked into wherever a test likes.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
  readonly options: pulumi.CustomResourceOptions;
}

export interface Made {
  readonly app: RegionalApp;
  readonly resources: readonly Registered[];
}

export const least: RegionalAppArgs = {
  regions: {
    rome: { kubeconfig: "rome's" },
    lisbon: { kubeconfig: "lisbon's" },
    dublin: { kubeconfig: "dublin's" },
  },
  image: "shop:1",
  port: 8080,
};

/** All that an application can have, as far as it goes together. */
export function full(): RegionalAppArgs {
  return {
    ...least,
    regions: {
      rome: {
        kubeconfig: pulumi.secret("rome's"),
        context: "admin",
        replicas: 3,
        env: { REGION: "rome", MODE: "own" },
        ingress: { host: "shop.example.com", path: "/shop", className: "nginx", tlsSecret: "shop-tls" },
      },
      lisbon: {
        kubeconfig: "lisbon's",
        autoscaling: { min: 2, max: 5 },
        service: { type: "LoadBalancer", port: 443, annotations: { "example.com/dns": "shop" } },
        gateway: {
          name: "public",
          namespace: "gateways",
          sectionName: "https",
          hostnames: ["shop.example.com"],
        },
      },
      dublin: {
        kubeconfig: "dublin's",
        stopped: true,
        service: { type: "NodePort", nodePort: 31_000 },
      },
    },
    image: "registry.example.com/shop:2",
    pullSecret: '{"auths":{}}',
    command: ["/shop", "serve"],
    healthCheck: { path: "/healthz", livePath: "/livez" },
    resources: {
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { cpu: "1", memory: "128Mi" },
    },
    env: { MODE: "common", LEVEL: pulumi.output("info") },
    secrets: { API_KEY: "s3cret" },
    links: {
      db: topologyOf("rome"),
      orders: {
        to: topologyOf("rome"),
        hosts: "writer",
        prefix: "ORDERS_",
        env: { PGHOST: "ORDERS_HOST" },
      },
    },
    order: ["lisbon", "rome"],
    putBack: true,
    progressDeadlineSeconds: 120,
    migration: { command: ["/shop", "migrate"], timeoutSeconds: 60 },
    egress: [{ cidrs: ["203.0.113.0/24"], ports: [443] }],
    runAsUser: 20_000,
  };
}

/** Makes an application without an engine. */
export async function make(
  changes: Partial<RegionalAppArgs> = {},
  base: RegionalAppArgs = least,
): Promise<Made> {
  const { component, resources } = await register(
    (options) => new RegionalApp("shop", { ...base, ...changes }, options),
  );
  return { app: component, resources };
}

/** What a component registers without an engine. */
export async function register<Component>(
  create: (options: pulumi.ComponentResourceOptions) => Component,
): Promise<{ component: Component; resources: readonly Registered[] }> {
  const options = new Map<string, pulumi.CustomResourceOptions>();
  let component: Component | undefined;
  const seen = await registeredBy(() => {
    component = create({
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${type} ${name}`, opts as pulumi.CustomResourceOptions);
          return undefined;
        },
      ],
    });
  }, outputsOf);
  const resources = seen.map((each) => ({
    ...each,
    options: options.get(`${each.type} ${each.name}`) ?? {},
  }));
  return { component: component!, resources };
}

export function named({ resources }: Pick<Made, "resources">, name: string): Registered {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`nothing is named ${name}: ${resources.map((each) => each.name).join(", ")}`);
  }
  return found;
}

export function has({ resources }: Made, name: string): boolean {
  return resources.some((resource) => resource.name === name);
}

/** What a resource's dependencies are called. */
export async function dependenciesOf({ options: { dependsOn } }: Registered): Promise<string[]> {
  const listed = await new Promise<unknown>((resolve) => pulumi.output(dependsOn ?? []).apply(resolve));
  const resources = (Array.isArray(listed) ? listed : [listed]) as pulumi.Resource[];
  const urns = await Promise.all(resources.map(({ urn }) => valueOf(urn)));
  return urns.map((urn) => String(urn).split("::").at(-1)!);
}

export function valueOf<Value>(input: pulumi.Input<Value>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}

function outputsOf({ type, inputs, name }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  if (type.endsWith(":AppRollout")) {
    const { release, version } = inputs as { release: string; version: string };
    return { done: { release, version, before: "", image: `${name}'s image` } };
  }
  if (type === "kubernetes:core/v1:Service") {
    return { status: { loadBalancer: { ingress: [{ hostname: `${name}.elb.example.com` }] } } };
  }
  return {};
}
