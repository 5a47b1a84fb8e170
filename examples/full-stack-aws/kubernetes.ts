import { Config, type Output } from "@pulumi/pulumi";
import { EksRegion } from "pulumi-multi-region-postgres/eks";
import type { RegionNetwork } from "pulumi-multi-region-postgres/network";

const config = new Config();

/** The kubeconfig of each region: of clusters that exist already, or of clusters of ours. */
export function kubernetes(
  networks: Readonly<Record<"us" | "eu", RegionNetwork>>,
  deletionProtection: boolean,
): Record<"us" | "eu", Output<string>> {
  const existing = config.getSecretObject<Record<"us" | "eu", string>>("kubeconfigs");
  if (existing !== undefined) {
    return { us: existing.us, eu: existing.eu };
  }
  const cluster = (region: "us" | "eu") =>
    new EksRegion(`shop-${region}`, {
      network: networks[region],
      // From where `pulumi up` reaches the clusters, if that is outside of the networks.
      publicAccessCidrBlocks: config.getObject<string[]>("publicAccessCidrBlocks") ?? [],
      deletionProtection,
    });
  return { us: cluster("us").kubeconfig, eu: cluster("eu").kubeconfig };
}
