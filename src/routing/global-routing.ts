import * as pulumi from "@pulumi/pulumi";
import { refuseIfAny } from "../rules";
import type { GlobalRoutingArgs } from "./args";
import { createHealthCheck } from "./health-check-resources";
import { createRecord } from "./record-resources";
import { answering, planRecords, type RoutingRecord } from "./records";
import { globalRoutingFailures } from "./rules";

/**
 * How users reach an application in many regions, on Route 53: a record a region, with a health check, and names for
 * the database that follow its writer.
 *
 * A region that is lost or stopped has no record, so that others answer for it. Which region writes, answers first or
 * is stopped is a value: no record is replaced for it. Bad input is refused before anything is created, with one error
 * that lists every failure.
 *
 * The hosted zone is yours: signing it (DNSSEC) and logging its queries are properties of the zone.
 *
 * @example
 * ```ts
 * const routing = new GlobalRouting("shop", {
 *   domain: "shop.example.com",
 *   zoneId,
 *   policy: "latency",
 *   entries: {
 *     rome: { awsRegion: "eu-south-1", host: "rome.shop.example.net" },
 *     lisbon: { awsRegion: "eu-west-1", host: "lisbon.shop.example.net" },
 *   },
 *   database: { domain: "db.example.com", topology: db },
 * });
 * ```
 */
export class GlobalRouting extends pulumi.ComponentResource {
  /** The records, as `routingRecords` plans them. */
  readonly records: Readonly<Record<string, RoutingRecord>>;

  /** The ids of the health checks of regions that answer, by region. A load balancer has none. */
  readonly healthCheckIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: GlobalRoutingArgs, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`GlobalRouting "${name}"`, globalRoutingFailures(args));
    super("multi-region-postgres:index:GlobalRouting", name, {}, options);
    this.records = planRecords(args);
    this.healthCheckIds = createHealthChecks(this, name, args);
    for (const [id, record] of Object.entries(this.records)) {
      const check = record.region === undefined ? undefined : this.healthCheckIds[record.region];
      createRecord(`${name}-${id}`, args, record, check, { parent: this });
    }
    this.registerOutputs({ records: this.records });
  }
}

function createHealthChecks(
  parent: pulumi.Resource,
  name: string,
  args: GlobalRoutingArgs,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    answering(args).flatMap((region) => {
      const check = createHealthCheck(`${name}-entry-${region}`, args, args.entries[region]!, { parent });
      return check === undefined ? [] : [[region, check.id] as const];
    }),
  );
}
