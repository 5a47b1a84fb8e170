import { AccessEntry } from "@pulumi/aws/eks/accessEntry";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation";
import type { Cluster } from "@pulumi/aws/eks/cluster";
import type { EksAccessArgs } from "./args";
import type { EksPlan } from "./plan";
import type { Scope } from "./scope";

/** Who else may use the cluster. */
export function createAccess(
  { parent, tags }: Scope,
  { name, awsRegion, access }: EksPlan,
  cluster: Cluster,
  given: Readonly<Record<string, EksAccessArgs>>,
): void {
  for (const { who, policyArn, namespaces } of access) {
    const entry = new AccessEntry(
      `${name}-access-${who}`,
      { region: awsRegion, clusterName: cluster.name, principalArn: given[who]!.principalArn, tags },
      { parent },
    );
    new AccessPolicyAssociation(
      `${name}-access-${who}`,
      {
        region: awsRegion,
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn,
        accessScope:
          namespaces.length === 0 ? { type: "cluster" } : { type: "namespace", namespaces: [...namespaces] },
      },
      { parent },
    );
  }
}
