import * as pulumi from "@pulumi/pulumi";
import { parseLibpqUri, type Endpoint } from "../endpoints";
import type { Region, Topology } from "../topology";
import { linkEnvironment, linkVariables, variableName, type LinkFacts } from "./link-environment";
import { caFile, caKey } from "./manifests/pod";
import { activeOf, type PlannedLink } from "./plan";

/** What the Secret holds by which a region's pods find a database. */
export function linkSecret(link: PlannedLink, region: string): pulumi.Output<Record<string, string>> {
  const { name, hosts = "all", url = "singleHost" } = link;
  return pulumi
    .all([factsOf(link, region), link.to.caCertificate])
    .apply(([facts, certificate]): Record<string, string> => {
      const environment = linkEnvironment(facts, region, { hosts, url }, caFile(name));
      const named = linkVariables.map(
        (variable) => [variableName(link, variable), environment[variable]] as const,
      );
      return { ...Object.fromEntries(named), [caKey]: certificate };
    });
}

/** Where the database's servers and poolers are, for who lets connections through: no secret. */
export function serversOf({ regions, writerEndpoint }: Topology): pulumi.Output<Endpoint[]> {
  return pulumi.all([writerEndpoint, ...Object.values(regions).flatMap(placesOf)]);
}

/** Where a region takes writes when it is the writer's: its server, and its pooler if it has one. */
function placesOf({ endpoint, pooler }: Region): pulumi.Output<Endpoint>[] {
  return pooler?.readWrite === undefined ? [endpoint] : [endpoint, pooler.readWrite];
}

/** All of it is the contract's, so that it holds for every engine. */
function factsOf({ to, through }: PlannedLink, region: string): pulumi.Output<LinkFacts> {
  const { regions, connectionUri, pooledUri = connectionUri, readOnlyUris, writerEndpoint } = to;
  const active = activeOf(to);
  // Where the database is not in the region, any other will do.
  const nearest = Object.hasOwn(readOnlyUris, region) ? region : [...active].sort()[0]!;
  const places = Object.entries(regions).map(([name, each]) => [name, pulumi.all(placesOf(each))] as const);
  const isPooled = through === "pooler";
  return pulumi
    .all([
      isPooled ? pooledUri : connectionUri,
      readOnlyUris[nearest]!,
      writerEndpoint,
      pulumi.all(Object.fromEntries(places)),
    ])
    .apply(([writingUri, reading, writer, endpoints]) => {
      const writing = parseLibpqUri(writingUri);
      return {
        writing,
        reading: parseLibpqUri(reading),
        // Its pooler, or where it has none the next one.
        writer: isPooled ? writing.endpoints[0]! : writer,
        endpoints,
        active,
      };
    });
}
