import type { ExternalWriterArgs } from "../external-writer";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "../plan";
import type { ExternalClusterSpec } from "./cluster-types";
import { externalWriterCluster, manifestNames } from "./names";

/** How soon a reader notices that whom it follows is gone. */
export const noticing = { connect_timeout: "3", tcp_user_timeout: "5000" } as const;

/** Who writes, and whom a reader follows: the names of external clusters. */
export function upstream(
  plan: CnpgTopologyPlan,
  { region }: CnpgRegionPlan,
): { primary: string; source: string } {
  const { cluster } = plan.primary;
  return plan.externalWriter === undefined
    ? { primary: cluster, source: cluster }
    : {
        primary: externalWriterCluster,
        source: region === plan.primary.region ? externalWriterCluster : cluster,
      };
}

/** The writer outside, as every region's `Cluster` knows it. */
export function externalWriter(
  plan: CnpgTopologyPlan,
  { sslMode = "verify-full", replication }: ExternalWriterArgs,
): ExternalClusterSpec {
  const { host, port } = plan.externalWriter!;
  const name = manifestNames(plan.name).externalWriter;
  return {
    name: externalWriterCluster,
    connectionParameters: {
      host,
      port: String(port),
      user: replication.username,
      dbname: "postgres",
      sslmode: sslMode,
      ...noticing,
    },
    sslRootCert: { name, key: "ca.crt" },
    password: { name, key: "password" },
  };
}
