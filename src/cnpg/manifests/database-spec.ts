import type { ManagedDatabaseArgs } from "../database-args";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "../plan";
import { compact } from "./compact";

/** The spec of a `Database` (postgresql.cnpg.io/v1), as far as it is used. */
export interface DatabaseSpec {
  readonly cluster: { readonly name: string };
  readonly name: string;
  readonly owner: string;
  readonly ensure: "present";
  readonly databaseReclaimPolicy: "retain";
  readonly schemas: readonly { readonly name: string; readonly ensure: "present"; readonly owner?: string }[];
  readonly extensions: readonly {
    readonly name: string;
    readonly ensure: "present";
    readonly version?: string;
    readonly schema?: string;
  }[];
}

/** A managed database, as a region is told of it. A region that follows leaves it alone until it is promoted. */
export function databaseSpec(
  { owner: application }: CnpgTopologyPlan,
  { cluster }: CnpgRegionPlan,
  name: string,
  { owner = application, schemas = {}, extensions = {} }: ManagedDatabaseArgs,
): DatabaseSpec {
  return {
    cluster: { name: cluster },
    name,
    owner,
    ensure: "present",
    databaseReclaimPolicy: "retain",
    schemas: Object.entries(schemas).map(([schema, wishes]) =>
      compact<DatabaseSpec["schemas"][number]>({ name: schema, ensure: "present", owner: wishes.owner }),
    ),
    extensions: Object.entries(extensions).map(([extension, wishes]) =>
      compact<DatabaseSpec["extensions"][number]>({
        name: extension,
        ensure: "present",
        version: wishes.version,
        schema: wishes.schema,
      }),
    ),
  };
}
