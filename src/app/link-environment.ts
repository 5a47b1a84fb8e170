import { isDeepStrictEqual } from "node:util";
import { connectionStrings, type ConnectionStringFamily } from "../connection-strings";
import { libpqEnvironment, type Connection, type Endpoint } from "../endpoints";

const writingVariables = [
  ...(["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGSSLMODE", "PGSSLROOTCERT"] as const),
  ...(["PGTARGETSESSIONATTRS", "PGCONNECT_TIMEOUT", "DATABASE_URL"] as const),
] as const;

const readingVariables = ["PGHOST_RO", "PGPORT_RO", "PGTARGETSESSIONATTRS_RO", "DATABASE_URL_RO"] as const;

/** What a link gives the pods, by the names that it has by default. */
export const linkVariables = [...writingVariables, ...readingVariables] as const;

export type LinkVariable = (typeof linkVariables)[number];

/** How a link's variables are called. */
export interface LinkNames {
  readonly prefix?: string;
  readonly env?: Partial<Record<LinkVariable, string>>;
}

/** The name that a variable has in the pods. */
export function variableName({ prefix = "", env = {} }: LinkNames, variable: LinkVariable): string {
  return env[variable] ?? `${prefix}${variable}`;
}

/** What is known of a database, once it is there. */
export interface LinkFacts {
  /** As whom, and to which servers, a client connects that writes. */
  readonly writing: Connection;
  /** The same for one that reads from the pod's own region. */
  readonly reading: Connection;
  /** Where the writer is. */
  readonly writer: Endpoint;
  /** Where each region answers, its server and its pooler, by its name. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
  /** The regions that are neither lost nor hibernated. */
  readonly active: readonly string[];
}

/**
 * The environment of a region's pods, by the names that variables have by default.
 *
 * @param own The region that the pods are in, which may be none of the database's.
 * @param caFile Where the pods have the authority's certificate.
 */
export function linkEnvironment(
  facts: LinkFacts,
  own: string,
  { hosts, url }: { readonly hosts: "all" | "writer"; readonly url: ConnectionStringFamily },
  caFile: string,
): Record<LinkVariable, string> {
  const reading = arranged(facts.reading.endpoints, facts, own);
  const writerOf = (which: "all" | "writer"): Connection => ({
    ...facts.writing,
    endpoints: which === "all" ? arranged(facts.writing.endpoints, facts, own) : [facts.writer],
    caFile,
  });
  const reader = { ...facts.reading, endpoints: hosts === "all" ? reading : reading.slice(0, 1), caFile };
  const ofReader = libpqEnvironment(reader);
  return {
    ...(libpqEnvironment(writerOf(hosts)) as Record<(typeof writingVariables)[number], string>),
    DATABASE_URL: connectionStrings(writerOf(url === "singleHost" ? "writer" : hosts))[url],
    PGHOST_RO: ofReader["PGHOST"]!,
    PGPORT_RO: ofReader["PGPORT"]!,
    PGTARGETSESSIONATTRS_RO: ofReader["PGTARGETSESSIONATTRS"]!,
    DATABASE_URL_RO: connectionStrings(reader)[url],
  };
}

/**
 * Servers in an order that no switchover changes: the pod's own region, the others by name, and last those that are
 * lost or hibernated, since a lost writer may come back by itself. Where some are no region's, they stay in the order
 * that the database gives them.
 */
function arranged(
  servers: readonly Endpoint[],
  { endpoints, active }: LinkFacts,
  own: string,
): readonly Endpoint[] {
  const places = servers.map((server) => {
    const region = Object.keys(endpoints).find((name) =>
      endpoints[name]!.some((endpoint) => isDeepStrictEqual(endpoint, server)),
    );
    return { server, region };
  });
  if (places.some(({ region }) => region === undefined)) {
    return servers;
  }
  const rankOf = (region: string) => (active.includes(region) ? (region === own ? 0 : 1) : 2);
  return places
    .sort((one, other) => {
      const [left, right] = [one.region!, other.region!];
      return rankOf(left) - rankOf(right) || (left < right ? -1 : 1);
    })
    .map(({ server }) => server);
}
