import type { Input } from "@pulumi/pulumi";
import type { Topology } from "../topology";

/**
 * Which region answers a user.
 *
 * - `latency`: the one that is nearest to the user, by what AWS has measured.
 * - `geolocation`: the one that is listed for where the user is.
 * - `failover`: `primary`, for as long as it is healthy; then the others.
 */
export type RoutingPolicy = "latency" | "geolocation" | "failover";

/** Where users are: a continent, a country or a part of one, or wherever nobody else is named for. */
export type Location = ContinentArgs | CountryArgs | "elsewhere";

/** A continent. */
export interface ContinentArgs {
  /** Route 53's code of it: AF, AN, AS, EU, NA, OC or SA. */
  continent: "AF" | "AN" | "AS" | "EU" | "NA" | "OC" | "SA";
}

/** A country, or a part of one. It goes before its continent. */
export interface CountryArgs {
  /** The country's code of ISO 3166-1: two capitals. */
  country: string;

  /**
   * A state of the United States or a region of Ukraine, which are those that Route 53 tells apart: its code of
   * ISO 3166-2, without the country's.
   *
   * @default the whole country
   */
  subdivision?: string;
}

/** A load balancer of AWS. */
export interface LoadBalancerArgs {
  /** Its DNS name. */
  name: Input<string>;

  /** The id of the hosted zone that AWS has its name in: `zoneId` of a `LoadBalancer` of `@pulumi/aws`. */
  zoneId: Input<string>;
}

/** Where one region's application answers: one of `host`, `address` and `loadBalancer`. */
export interface EntryArgs {
  /**
   * A DNS name. Records of it cannot be at the top of a zone: DNS has no `CNAME` there.
   *
   * @default an address or a load balancer is given
   */
  host?: Input<string>;

  /**
   * An IPv4 address.
   *
   * @default a host or a load balancer is given
   */
  address?: Input<string>;

  /**
   * A load balancer of AWS, which Route 53 follows by itself, at the top of a zone too. Its own checks of its targets
   * decide whether the region is healthy.
   *
   * @default a host or an address is given
   */
  loadBalancer?: LoadBalancerArgs;

  /**
   * The AWS region that it is in, or the nearest one. Asked for by the policy `latency`.
   *
   * @default the region's name, where that is an AWS region
   */
  awsRegion?: string;

  /**
   * Whose users it answers, where the policy is `geolocation`. One region answers those who are `"elsewhere"`.
   *
   * @default none, which only the other policies take
   */
  locations?: Location[];

  /**
   * Whether its application does not run. It answers nobody then, and other regions answer for it.
   *
   * @default false
   */
  stopped?: boolean;
}

/** Names for a database. */
export interface DatabaseRecordsArgs {
  /**
   * The name that follows the writer, such as `db.example.com`. A region's name before it, as in
   * `rome.db.example.com`, is where that region is read.
   *
   * A server's certificate tells none of these names: clients that use them check `verify-ca`. `connectionUri` of the
   * topology needs no such name and checks `verify-full`.
   */
  domain: string;

  /** The database: any engine's. */
  topology: Pick<Topology, "regions" | "writerEndpoint" | "readerEndpoints">;

  /**
   * For how many seconds others may remember an answer: 0 to 86400. It is what a handover takes longer for them.
   *
   * @default 5
   */
  ttl?: number;
}

/** What the records of an application in many regions follow from. */
export interface RoutingRecordsArgs {
  /** The name that users know, such as `shop.example.com`. */
  domain: string;

  /** Which region answers whom. Decided once: Route 53 takes no two policies under one name, not for a moment. */
  policy: RoutingPolicy;

  /** Where each region's application answers, by the region's name: all by hosts, or none. 11 at most. */
  entries: Record<string, EntryArgs>;

  /**
   * The region that answers everybody while it is healthy, where the policy is `failover`. Neither lost nor stopped.
   *
   * @default none, which only the other policies take
   */
  primary?: string;

  /**
   * Regions declared gone: they answer nobody.
   *
   * @default []
   */
  lost?: string[];

  /**
   * For how many seconds others may remember an answer: 0 to 86400. A load balancer's are remembered for 60.
   *
   * @default 60
   */
  ttl?: number;

  /**
   * Names for a database: one that follows the writer, and one for each region.
   *
   * @default none
   */
  database?: DatabaseRecordsArgs;
}

/** How Route 53 finds out whether a region is healthy. */
export interface HealthCheckArgs {
  /**
   * How it asks. Of `TCP` a connection is enough.
   *
   * @default "HTTPS"
   */
  protocol?: "HTTPS" | "HTTP" | "TCP";

  /**
   * The port.
   *
   * @default 443; 80 where the protocol is `HTTP`
   */
  port?: number;

  /**
   * The path that is answered with 2xx or 3xx: under a host's own name, or under `domain` at an address.
   *
   * @default "/"
   */
  path?: string;

  /**
   * Every how many seconds each of Route 53's checkers asks: 10 or 30. 10 costs more.
   *
   * @default 30
   */
  intervalSeconds?: 10 | 30;

  /**
   * After how many failures in a row a region is taken for unhealthy: 1 to 10.
   *
   * @default 3
   */
  failures?: number;
}

/** How users reach an application in many regions, on Route 53. */
export interface GlobalRoutingArgs extends RoutingRecordsArgs {
  /** The id of the hosted zone that the names are in. */
  zoneId: Input<string>;

  /**
   * How Route 53 checks hosts and addresses, from outside: `false` where it cannot reach them. Without checks a region
   * answers until it is `stopped` or `lost`, so the policy `failover` asks for them.
   *
   * @default HTTPS, port 443, path `/`
   */
  healthCheck?: HealthCheckArgs | false;

  /**
   * Tags of the health checks.
   *
   * @default {}
   */
  tags?: Record<string, Input<string>>;
}

/** What stands where nothing is given. Part of the contract: they never change. */
export const routingDefaults = { ttl: 60, databaseTtl: 5 } as const;

/** What stands in `HealthCheckArgs` where nothing is given. Part of the contract: they never change. */
export const healthCheckDefaults = {
  protocol: "HTTPS",
  path: "/",
  intervalSeconds: 30,
  failures: 3,
} as const;
