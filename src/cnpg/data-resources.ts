import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { neverProtected } from "../kubernetes/never-protected";
import type { CnpgPostgresArgs } from "./args";
import { objectStoreSpec, scheduledBackupSpec } from "./manifests/backup-spec";
import { databaseSpec } from "./manifests/database-spec";
import { manifestNames } from "./manifests/names";
import { originData } from "./manifests/origin-spec";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";

/** Where a region's resources go. */
export interface Place {
  /** What their names begin with. */
  readonly prefix: string;
  readonly namespace: pulumi.Input<string>;
  readonly options: pulumi.CustomResourceOptions;
}

/** What the origin of the data takes, in every region alike: which one founded the topology is a value. */
export function createOrigin(
  place: Place,
  { name }: CnpgTopologyPlan,
  origin: NonNullable<CnpgPostgresArgs["origin"]>,
): pulumi.Resource {
  const names = manifestNames(name);
  if ("recovery" in origin) {
    return createObject(place, "origin-store", storeType, names.origin, objectStoreSpec(origin.recovery));
  }
  const data = originData("clone" in origin ? origin.clone : origin.import);
  return new Secret(
    `${place.prefix}-origin`,
    {
      metadata: { name: names.origin, namespace: place.namespace },
      type: "Opaque",
      stringData: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, pulumi.secret(value)])),
    },
    { ...place.options, ...neverProtected },
  );
}

/** Where a region's backups go, and when they are taken. */
export function createBackup(
  place: Place,
  { name }: CnpgTopologyPlan,
  region: CnpgRegionPlan,
): pulumi.Resource[] {
  const { backup } = region.wishes;
  if (backup === undefined) {
    return [];
  }
  const names = manifestNames(name);
  const store = createObject(place, "backup-store", storeType, names.backup, objectStoreSpec(backup));
  const schedule =
    backup.schedule === undefined
      ? []
      : [
          createObject(
            place,
            "backup-schedule",
            { apiVersion: "postgresql.cnpg.io/v1", kind: "ScheduledBackup" },
            names.backup,
            scheduledBackupSpec(region, backup.schedule),
          ),
        ];
  return [store, ...schedule];
}

/** The databases that are managed. A region that follows has them by replication: there nothing is waited for. */
export function createDatabases(
  place: Place,
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  databases: NonNullable<CnpgPostgresArgs["databases"]>,
): pulumi.Resource[] {
  return Object.entries(databases).map(([database, wishes]) =>
    createObject(
      place,
      `database-${database}`,
      { apiVersion: "postgresql.cnpg.io/v1", kind: "Database" },
      manifestNames(plan.name).database(database),
      databaseSpec(plan, region, database, wishes),
    ),
  );
}

const storeType = { apiVersion: "barmancloud.cnpg.io/v1", kind: "ObjectStore" };

/** An object of a custom kind, for which nothing waits. */
export function createObject(
  { prefix, namespace, options }: Place,
  part: string,
  type: { readonly apiVersion: string; readonly kind: string },
  name: string,
  spec: object,
  labels?: Readonly<Record<string, string>>,
): CustomResource {
  const annotations = { "pulumi.com/skipAwait": "true" };
  return new CustomResource(
    `${prefix}-${part}`,
    { ...type, metadata: { name, namespace, annotations, ...(labels && { labels }) }, spec },
    options,
  );
}
