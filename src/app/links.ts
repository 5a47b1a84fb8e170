import * as pulumi from "@pulumi/pulumi";
import { parseLibpqUri, type Endpoint } from "../endpoints";
import type { Topology } from "../topology";
import { linkEnvironment, linkVariables, variableName, type LinkFacts } from "./link-environment";
import { caFile, caKey } from "./manifests/pod";
import { activeOf, type PlannedLink } from "./plan";

/** What the Secret holds by which a region's pods find a database. */
export function linkSecret(link: PlannedLink, region: string): pulumi.Output<Record<string, string>> {
  const { name, to, hosts = "all" } = link;
  return pulumi
    .all([factsOf(to, region), to.caCertificate])
    .apply(([facts, certificate]): Record<string, string> => {
      const environment = linkEnvironment(facts, region, hosts, caFile(name));
      const named = linkVariables.map(
        (variable) => [variableName(link, variable), environment[variable]] as const,
      );
      return { ...Object.fromEntries(named), [caKey]: certificate };
    });
}

/** Where the database's servers are, for who lets connections through: no secret. */
export function serversOf({ regions, writerEndpoint }: Topology): pulumi.Output<Endpoint[]> {
  return pulumi.all([writerEndpoint, ...Object.values(regions).map(({ endpoint }) => endpoint)]);
}

/** All of it is the contract's, so that it holds for every engine. */
function factsOf(topology: Topology, region: string): pulumi.Output<LinkFacts> {
  const { regions, connectionUri, readOnlyUris, writerEndpoint } = topology;
  const active = activeOf(topology);
  // Where the database is not in the region, any other will do.
  const nearest = Object.hasOwn(readOnlyUris, region) ? region : [...active].sort()[0]!;
  const endpoints = Object.entries(regions).map(([name, { endpoint }]) => [name, endpoint] as const);
  return pulumi
    .all([connectionUri, readOnlyUris[nearest]!, writerEndpoint, pulumi.all(Object.fromEntries(endpoints))])
    .apply(([writing, reading, writer, known]) => ({
      writing: parseLibpqUri(writing),
      reading: parseLibpqUri(reading),
      writer,
      endpoints: known,
      active,
    }));
}
