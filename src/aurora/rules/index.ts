import { tagsFailures } from "../../aws-tags";
import {
  at,
  isRecord,
  mismatch,
  notBoolean,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import { notAwsRegion } from "../../aws-region";
import type { TopologyArgs } from "../../topology";
import { topologyFailures } from "../../topology-rules";
import type { AuroraPostgresArgs } from "../args";
import { assumeRolesFailures } from "./assume-roles";
import { namesFailures } from "./names";
import { authoritiesFailures, partitionFailures } from "./places";
import { collisions, instanceClassFailures, regionFailures } from "./region";
import { reservedFailures, rolesFailures, secretsOfAuroraFailures } from "./secrets";
import { versionFailures } from "./version";
import { windowsFailures } from "./windows";

/**
 * All that `AuroraPostgres` refuses, at once: what AWS would refuse later, too.
 *
 * @param identifier What names in AWS begin with.
 */
export function auroraFailures(identifier: string, args: AuroraPostgresArgs): Failure[] {
  const given: unknown = args;
  const common = topologyFailures(args, regionFailures, Object.keys(auroraProperties));
  const refused = new Set(common.map(({ propertyPath }) => propertyPath));
  const own = isRecord(given) ? [...ownFailures(identifier, given)] : [];
  return [
    // Aurora's own reason is the better one.
    ...common.filter(({ propertyPath }) => propertyPath !== "durability" || !isRegional(given)),
    ...own.filter(({ propertyPath }) => propertyPath === "durability" || !refused.has(propertyPath)),
  ];
}

// The compiler keeps this list complete.
const auroraProperties: Record<Exclude<keyof AuroraPostgresArgs, keyof TopologyArgs<unknown>>, true> = {
  identifier: true,
  engineVersion: true,
  instanceClass: true,
  globalDatabaseId: true,
  globalDatabaseAwsRegion: true,
  deletionProtection: true,
  backupRetentionDays: true,
  backupPlan: true,
  recoveryPointSeconds: true,
  writeForwarding: true,
  backupWindow: true,
  maintenanceWindow: true,
  finalSnapshot: true,
  storageType: true,
  databaseInsights: true,
  caCertificate: true,
  profile: true,
  assumeRoles: true,
  tags: true,
};

function* ownFailures(identifier: string, args: Unknowns): Generator<Failure> {
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  const owner = ownerOf(args);
  yield* namesFailures(identifier, Object.keys(regions));
  yield* collisions(regions);
  yield* partitionFailures(regions);
  yield* headlessPrimary(args["primary"], regions);
  if (isRegional(args)) {
    const reason =
      '"region" is refused: Aurora replicates between regions asynchronously. Give recoveryPointSeconds, so that a failover loses no more than that';
    yield { propertyPath: "durability", reason };
  }
  yield* versionFailures(args);
  yield* instanceClassFailures("instanceClass", args["instanceClass"]);
  yield* joiningFailures(args);
  yield* reservedFailures(args, owner);
  yield* rolesFailures(args["roles"], owner);
  yield* secretsOfAuroraFailures(args, owner);
  yield* parametersFailures(args["parameters"]);
  yield* notBoolean("deletionProtection", args["deletionProtection"]);
  yield* notWholeNumber("backupRetentionDays", args["backupRetentionDays"], 7, 35);
  yield* notBoolean("backupPlan", args["backupPlan"]);
  yield* notWholeNumber("recoveryPointSeconds", args["recoveryPointSeconds"], 20, 2_147_483_647);
  yield* notBoolean("writeForwarding", args["writeForwarding"]);
  yield* windowsFailures(args);
  yield* notBoolean("finalSnapshot", args["finalSnapshot"]);
  yield* mismatch("storageType", args["storageType"], (type) => type === "aurora-iopt1", '"aurora-iopt1"');
  yield* insightsFailures(args["databaseInsights"]);
  yield* authoritiesFailures(args["caCertificate"], regions);
  yield* mismatch("profile", args["profile"], isText, "the name of a profile");
  yield* assumeRolesFailures(args["assumeRoles"]);
  yield* tagsFailures("tags", args["tags"]);
}

function isRegional(args: unknown): boolean {
  return isRecord(args) && args["durability"] === "region";
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function ownerOf(args: Unknowns): string {
  const database = isRecord(args["database"]) ? args["database"] : {};
  return [database["owner"], database["name"]].find((name) => typeof name === "string") ?? "app";
}

function* headlessPrimary(primary: unknown, regions: Unknowns): Generator<Failure> {
  const region =
    typeof primary === "string" && Object.hasOwn(regions, primary) ? regions[primary] : undefined;
  if (isRecord(region) && region["instances"] === 0) {
    const propertyPath = at(at("regions", primary as string), "instances");
    yield {
      propertyPath,
      reason: "must be 1 or more in the primary: a region without instances cannot write",
    };
  }
}

function* joiningFailures(args: Unknowns): Generator<Failure> {
  const { globalDatabaseId: id, globalDatabaseAwsRegion: place } = args;
  const placePath = "globalDatabaseAwsRegion";
  const isId = (value: unknown) => typeof value === "string" && /^[a-z][a-z0-9-]{0,62}$/i.test(value);
  yield* mismatch("globalDatabaseId", id, isId, "the id of a global database, which is no ARN");
  yield* notAwsRegion(placePath, place);
  if (id === undefined && place !== undefined) {
    yield {
      propertyPath: placePath,
      reason: `must not be given without globalDatabaseId, not ${shown(place)}`,
    };
  }
  if (id !== undefined && place === undefined) {
    yield {
      propertyPath: placePath,
      reason: "is missing: must be the AWS region of the writer that is joined",
    };
  }
  if (id !== undefined && args["engineVersion"] === undefined) {
    const reason = "is missing: must be the version of the global database that is joined";
    yield { propertyPath: "engineVersion", reason };
  }
}

/** Parameters of PostgreSQL that are not the user's in Aurora, and why. */
const managed: Readonly<Record<string, string>> = {
  "rds.force_ssl": "every connection is encrypted",
  "rds.global_db_rpo": "recoveryPointSeconds decides it",
  wal_level: 'Aurora decides it: set "rds.logical_replication"',
  fsync: "Aurora's storage decides it",
};

function* parametersFailures(parameters: unknown): Generator<Failure> {
  for (const name of Object.keys(isRecord(parameters) ? parameters : {})) {
    if (Object.hasOwn(managed, name)) {
      yield { propertyPath: at("parameters", name), reason: `must not be given: ${managed[name]}` };
    }
  }
}

function insightsFailures(mode: unknown): Generator<Failure> {
  const isMode = (value: unknown) => value === "standard" || value === "advanced";
  return mismatch("databaseInsights", mode, isMode, '"standard" or "advanced"');
}
