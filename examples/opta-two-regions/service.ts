import { Config } from "@pulumi/pulumi";
import type { Topology } from "pulumi-multi-region-postgres";
import { RegionalApp } from "pulumi-multi-region-postgres/app";

const config = new Config();

interface Parts {
  readonly image: string;
  readonly db: Topology;
  readonly primary: string;
  readonly lost: string[];
  readonly hosts: Readonly<Record<"us" | "india", string>>;
}

/** The guide's `k8s-service`, in both regions: in clusters that exist already. */
export function deployService({ image, db, primary, lost, hosts }: Parts) {
  const kubeconfigs = config.requireSecretObject<Record<"us" | "india", string>>("kubeconfigs");
  const region = (name: "us" | "india") => ({
    kubeconfig: kubeconfigs[name],
    ingress: { host: hosts[name], path: "/hello" },
  });
  return new RegionalApp("hello", {
    regions: { us: region("us"), india: region("india") },
    lost,
    image,
    port: config.getNumber("port") ?? 80,
    healthCheck: { path: "/" },
    links: { db },
    // A new version comes first to where the database is only read.
    order: primary === "us" ? ["india", "us"] : ["us", "india"],
    putBack: true,
  }).regions;
}
