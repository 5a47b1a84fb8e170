import { planRegions, type RegionPlan, type TopologyPlan } from "../topology-plan";
import type { TopologyArgs } from "../topology";
import {
  auroraDefaults,
  type AssumedRole,
  type AuroraPostgresArgs,
  type AuroraProxyArgs,
  type AuroraRegionArgs,
  type ServerlessArgs,
} from "./args";
import { parameterFamily, parseEngineVersion } from "./engine-version";
import { regionNames, topologyNames, type RegionNames, type TopologyNames } from "./names";

/** One region, as far as it follows from the arguments alone. */
export interface AuroraRegionPlan extends RegionPlan {
  readonly awsRegion: string;
  readonly names: RegionNames;
  /** How many instances; a region without any is headless. */
  readonly instances: number;
  readonly instanceClass: string;
  readonly serverless?: ServerlessArgs;
  readonly deletionProtection: boolean;
  /** Whether Pulumi deletes its cluster. That of a lost region is kept where it is, so that nothing protects it. */
  readonly mayBeDeleted: boolean;
  readonly proxy?: ProxyPlan;
}

/** A region's proxy. */
export interface ProxyPlan {
  readonly maxConnectionsPercent: number;
  /** Half of them, as AWS has it: the provider would ask for 50, which is refused where that is more than all. */
  readonly maxIdleConnectionsPercent: number;
}

export interface AuroraTopologyPlan extends TopologyPlan<AuroraRegionPlan> {
  /** The component's name. */
  readonly name: string;
  readonly identifier: string;
  readonly names: TopologyNames;
  readonly globalDatabaseId: string;
  /** Whether the global database is another program's, whose writer all regions follow. */
  readonly follows: boolean;
  /** Where a region that is added is copied from. */
  readonly sourceRegion: string;
  readonly engineVersion: string;
  readonly parameterFamily: string;
  readonly deletionProtection: boolean;
  readonly backupRetentionDays: number;
  readonly backupPlan: boolean;
  readonly recoveryPointSeconds?: number;
  readonly writeForwarding: boolean;
  readonly insightsRetentionDays: number;
  readonly databaseInsights?: "standard" | "advanced";
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  readonly finalSnapshot?: boolean;
  readonly storageType?: "aurora-iopt1";
  readonly profile?: string;
  readonly assumeRoles?: readonly AssumedRole[];
  /** The regions that are declared gone. */
  readonly lost: readonly string[];
}

/** The port of every cluster: Aurora's default. */
export const port = 5432;

/**
 * What follows from valid arguments.
 *
 * @param identifier What names in AWS begin with.
 */
export function planTopology(name: string, identifier: string, args: AuroraPostgresArgs): AuroraTopologyPlan {
  const given = { ...auroraDefaults, ...withoutUndefined(args) };
  const { major } = parseEngineVersion(given.engineVersion)!;
  const plan = planRegions(args as TopologyArgs<AuroraRegionArgs & Awake>, (region, regionName) => ({
    awsRegion: region.awsRegion ?? region.network.awsRegion ?? regionName,
    names: regionNames(identifier, regionName, major),
    instances: region.instances ?? 1,
    ...protectionOf(region.deletionProtection ?? given.deletionProtection, args.lost?.includes(regionName)),
    instanceClass:
      region.serverless === undefined ? (region.instanceClass ?? given.instanceClass) : serverlessClass,
    ...(region.serverless === undefined ? {} : { serverless: region.serverless }),
    ...(region.proxy === undefined ? {} : { proxy: proxyOf(region.proxy, given.writeForwarding) }),
  }));
  const names = topologyNames(identifier);
  const planned = {
    ...plan,
    name,
    identifier,
    names,
    globalDatabaseId: args.globalDatabaseId ?? names.globalDatabase,
    follows: args.globalDatabaseId !== undefined,
    sourceRegion: args.globalDatabaseAwsRegion ?? plan.primary.awsRegion,
    engineVersion: given.engineVersion,
    parameterFamily: parameterFamily(given.engineVersion),
    deletionProtection: given.deletionProtection,
    backupRetentionDays: given.backupRetentionDays,
    backupPlan: given.backupPlan,
    writeForwarding: given.writeForwarding,
    insightsRetentionDays: args.databaseInsights === "advanced" ? advancedInsightsDays : 7,
    ...definedOf(args, [
      "databaseInsights",
      "backupWindow",
      "maintenanceWindow",
      "finalSnapshot",
      "storageType",
    ]),
    ...(args.recoveryPointSeconds === undefined ? {} : { recoveryPointSeconds: args.recoveryPointSeconds }),
    ...(args.profile === undefined ? {} : { profile: args.profile }),
    ...(args.assumeRoles === undefined ? {} : { assumeRoles: args.assumeRoles }),
    lost: plan.regions.filter(({ activity }) => activity === "lost").map(({ region }) => region),
  };
  return planned.follows ? following(planned) : planned;
}

/**
 * Write forwarding keeps a share of the writer's connections to itself, apg_write_forward.max_forwarding_connections_percent:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html
 */
function proxyOf({ maxConnectionsPercent }: AuroraProxyArgs, writeForwarding: boolean): ProxyPlan {
  const most = maxConnectionsPercent ?? (writeForwarding ? 75 : 100);
  return { maxConnectionsPercent: most, maxIdleConnectionsPercent: Math.floor(most / 2) };
}

/** AWS's one choice for the advanced mode of Database Insights: 15 months. */
const advancedInsightsDays = 465;

function protectionOf(
  deletionProtection: boolean,
  isLost = false,
): Pick<AuroraRegionPlan, "deletionProtection" | "mayBeDeleted"> {
  return { deletionProtection, mayBeDeleted: !deletionProtection || isLost };
}

/** The class of instances of Aurora Serverless v2. */
export const serverlessClass = "db.serverless";

/** Aurora hibernates no region: a stopped cluster cannot be a global database's. */
interface Awake {
  readonly hibernated?: false;
}

/** The writer is another program's: nobody here is. */
function following(plan: AuroraTopologyPlan): AuroraTopologyPlan {
  const regions = plan.regions.map((region) => ({ ...region, role: "reader" as const }));
  const named = (region: RegionPlan) => regions.find((each) => each.region === region.region)!;
  return {
    ...plan,
    regions,
    primary: named(plan.primary),
    readers: regions,
    byPreference: plan.byPreference.map(named),
  };
}

function withoutUndefined(args: AuroraPostgresArgs): AuroraPostgresArgs {
  return Object.fromEntries(
    Object.entries(args).filter(([, value]) => value !== undefined),
  ) as unknown as AuroraPostgresArgs;
}

/** What is given of these, and is passed on as it is. */
function definedOf<Key extends keyof AuroraPostgresArgs>(
  args: AuroraPostgresArgs,
  keys: readonly Key[],
): { [K in Key]?: NonNullable<AuroraPostgresArgs[K]> } {
  return Object.fromEntries(keys.filter((key) => args[key] !== undefined).map((key) => [key, args[key]])) as {
    [K in Key]?: NonNullable<AuroraPostgresArgs[K]>;
  };
}
