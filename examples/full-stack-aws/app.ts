import { Config, type Input, type Output } from "@pulumi/pulumi";
import type { Topology } from "pulumi-multi-region-postgres";
import { RegionalApp } from "pulumi-multi-region-postgres/app";

const config = new Config();

/** What is before the clusters, where it is no load balancer of theirs. */
export type Hosts = Readonly<Record<"us" | "eu", string>>;

interface Parts {
  readonly image: string;
  readonly db: Topology;
  readonly kubeconfigs: Readonly<Record<"us" | "eu", Output<string>>>;
  readonly primary: string;
  readonly lost: string[];
  readonly hosts: Hosts | undefined;
}

/** The application in both regions, by where each of them answers. */
export function deployApp({ image, db, kubeconfigs, primary, lost, hosts }: Parts) {
  const stopped = config.getObject<string[]>("stopped") ?? [];
  const region = (name: "us" | "eu") => ({ kubeconfig: kubeconfigs[name], stopped: stopped.includes(name) });
  const app = new RegionalApp("shop", {
    regions: { us: region("us"), eu: region("eu") },
    lost,
    image,
    port: config.getNumber("port") ?? 8080,
    healthCheck: { path: "/healthz" },
    links: { db },
    // A new version comes first to where the database is only read.
    order: primary === "us" ? ["eu", "us"] : ["us", "eu"],
    putBack: true,
    service: hosts === undefined ? loadBalancer : {},
  });
  const entry = (name: "us" | "eu") => {
    const { address, running } = app.regions[name]!;
    return { host: hosts?.[name] ?? (address as Input<string>), stopped: !running };
  };
  return { us: entry("us"), eu: entry("eu") };
}

const loadBalancer = {
  type: "LoadBalancer" as const,
  annotations: {
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
  },
};
