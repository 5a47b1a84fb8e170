import type { GlobalCluster } from "@pulumi/aws/rds/globalCluster";
import * as pulumi from "@pulumi/pulumi";
import type { ConnectionStrings } from "../connection-strings";
import type { Endpoint } from "../endpoints";
import { firstInput } from "../first-input";
import { knownRegions } from "../known-regions";
import { refuseIfAny } from "../rules";
import { stringsOf } from "../secret-uri";
import type { Credential, HandoverReport, NamedAtRunTime, Topology } from "../topology";
import { mapRegions } from "../topology-outputs";
import { warnOfDangers } from "../topology-warnings";
import { createAccess } from "./access-resources";
import { admittedBy, compareAccounts } from "./account";
import type { AuroraPostgresArgs } from "./args";
import { createBackup } from "./backup-resources";
import { rdsAuthorities } from "./certificates";
import { createKey } from "./encryption-resources";
import { createBackupRole, createGlobalCluster, createMonitoringRole, type Tags } from "./global-resources";
import { createMember, type Birth, type Member, type RegionBase } from "./member-resources";
import { auroraOutputs, endpointAt, type AuroraRegion, type RegionFacts } from "./outputs";
import { createParameters } from "./parameter-resources";
import { planTopology, port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";
import type { AccessInputs } from "./provider/access";
import type { TopologyInputs } from "./provider/inputs";
import { createProxy, type RegionProxy } from "./proxy-resources";
import { regionOptions } from "./region-options";
import { AuroraHandover, AuroraPassword } from "./resources";
import { auroraFailures } from "./rules";
import { createPassword, createSecret } from "./secret-resources";

/**
 * One PostgreSQL across AWS regions: an Aurora global database, with a cluster in each of them.
 *
 * Bad input is refused before anything is created, with one error that lists every failure.
 *
 * The AWS provider is one for all regions; its own region plays no part, but has to be up: see docs/aws-operations.md.
 * Handovers and new passwords are asked of AWS by this package itself, with the credentials of the stack's `aws:`
 * configuration or of the environment (see `profile` and `assumeRoles`). Another account than the provider's is refused.
 *
 * While a region is in `lost`, nothing of it is contacted, changed or deleted, and nothing is upgraded; AWS itself makes
 * a reader of it once it is back, and then it is taken out of the list. `pulumi refresh` contacts everything: leave it
 * until then. A region that will never be back is taken out of `regions` too, which forgets what is left of it in AWS;
 * before the global database can be deleted, `aws rds remove-from-global-cluster` takes its cluster out.
 *
 * Destroyed are the readers, then the writer, then the global database: AWS takes no other order.
 *
 * @example
 * ```ts
 * const networks = new RegionNetworks("net", { regions: { "us-east-1": {}, "eu-west-1": {} } });
 * const db = new AuroraPostgres("db", {
 *   primary: "us-east-1",
 *   regions: {
 *     "us-east-1": { network: networks.regions["us-east-1"] },
 *     "eu-west-1": { network: networks.regions["eu-west-1"] },
 *   },
 * });
 * export const connectionUri = db.connectionUri;
 * ```
 */
export class AuroraPostgres<Name extends string = string, Given extends string = string>
  extends pulumi.ComponentResource
  implements Topology<Name>
{
  readonly regions: Readonly<Record<Name, AuroraRegion>>;
  readonly writerEndpoint: pulumi.Output<Endpoint>;
  readonly readerEndpoints: Readonly<Record<string, pulumi.Output<Endpoint>>>;
  readonly connectionUri: pulumi.Output<string>;
  readonly connectionStrings: pulumi.Output<ConnectionStrings>;
  readonly readOnlyUris: Readonly<Record<Name, pulumi.Output<string>>>;

  /** The owner and its password: Aurora gives nobody the role `postgres`. Secret. */
  readonly credentials: pulumi.Output<Readonly<Record<string, Credential>>>;

  /** The certificate authorities of Aurora's servers in the topology's AWS regions: PEM. The argument, where it is given. */
  readonly caCertificate: pulumi.Output<string>;

  readonly handover: pulumi.Output<HandoverReport>;

  /** The id of the global database, by which another program may join it. */
  readonly globalDatabaseId: pulumi.Output<string>;

  /**
   * Where the writer answers, whichever region it is: AWS lets the name follow it. Undefined where AWS gives none, as
   * where the API is a fake.
   */
  readonly globalWriterEndpoint: pulumi.Output<Endpoint | undefined>;

  /** The ARN of each region's copy of the owner's credential in Secrets Manager, by region. */
  readonly secretArns: Readonly<Record<Name, pulumi.Output<string>>>;

  constructor(name: string, args: AuroraPostgresArgs<Name>, options?: pulumi.ComponentResourceOptions);
  constructor(
    name: string,
    args: NamedAtRunTime<AuroraPostgresArgs<Name>, Given>,
    options?: pulumi.ComponentResourceOptions,
  );
  constructor(name: string, args: AuroraPostgresArgs, options?: pulumi.ComponentResourceOptions) {
    const identifier = args?.identifier ?? `${name}-${pulumi.getStack()}`;
    const title = `AuroraPostgres "${name}"`;
    refuseIfAny(title, auroraFailures(identifier, args));
    const plan = planTopology(name, identifier, args);
    let admit!: (account: pulumi.Output<string>) => void;
    const admission = new Promise<pulumi.Output<string>>((resolve) => (admit = resolve));
    super("multi-region-postgres:index:AuroraPostgres", name, {}, admittedBy(admission, options));
    const account = compareAccounts(this, name, accessInputs(this, plan), plan.primary.awsRegion);
    admit(account);
    const tags = args.tags ?? {};

    const founding = new pulumi.Stash(`${name}-founding`, { input: args.primary }, firstInput(this));
    const password = createPassword(this, plan, args.secrets ?? {});
    const database = plan.follows ? undefined : createGlobalDatabase(this, plan, tags);
    const globalDatabaseId = database?.id ?? pulumi.output(plan.globalDatabaseId);
    const monitoring = createMonitoringRole(this, plan, tags);
    const bases = mapRegions(plan.regions, (region) =>
      createBase(this, plan, region, args, monitoring.role.arn, tags),
    );
    const birth = { globalDatabaseId, founding: pulumi.output<string>(founding.output), password };
    const members = createMembers(plan, bases, { birth, monitoring, tags });
    if (plan.backupPlan) {
      const role = createBackupRole(this, plan, tags);
      for (const region of plan.regions) {
        createBackup(plan, region, bases[region.region]!, members[region.region]!, role, tags);
      }
    }
    const everything = Object.values(members).flatMap(({ cluster, instances }) => [cluster, ...instances]);
    const handover = createHandover(this, plan, everything);
    // Pulumi prints messages in turn: one that names what is never registered would keep back all that follow.
    account.apply(() => warnOfDangers(this, plan, handover.dangers));
    const applied = plan.follows ? [] : [createApplied(this, plan, password, handover)];

    const ready = pulumi.all([handover, ...applied].map(({ urn }) => urn));
    // A handover is about to tell a name that does not change: of a global database of ours, the preview knows it.
    const host = (database?.endpoint ?? handover.globalWriterHost).apply((found?: string) => found ?? "");
    const credential = { password, host };
    const secretArns = mapRegions(plan.regions, (region) =>
      createSecret(plan, region, bases[region.region]!, credential, tags, [handover, ...applied]),
    );
    const proxies = mapRegions(plan.regions, (region) => {
      const { region: own } = region;
      const { network } = args.regions[own]!;
      return createProxy(plan, region, bases[own]!, members[own]!, network, secretArns[own]!, tags);
    });
    const facts = mapRegions(plan.regions, ({ region }) =>
      factsOf(members[region]!, secretArns[region]!, proxies[region], ready),
    );
    const known = ready.apply(() => password);
    this.globalWriterEndpoint = pulumi
      .all([host, ready])
      .apply(([found]) => (found === "" ? undefined : { host: found, port }));
    const outputs = auroraOutputs(plan, facts, known, this.globalWriterEndpoint);
    this.regions = knownRegions(title, outputs.regions);
    this.writerEndpoint = outputs.writerEndpoint;
    this.readerEndpoints = outputs.readerEndpoints;
    this.connectionUri = outputs.connectionUri;
    this.connectionStrings = stringsOf(outputs.connectionUri);
    this.readOnlyUris = knownRegions(title, outputs.readOnlyUris);
    this.secretArns = knownRegions(title, secretArns);
    this.credentials = outputs.credentials;
    this.caCertificate = pulumi.output(
      args.caCertificate ?? rdsAuthorities(plan.regions.map(({ awsRegion }) => awsRegion)),
    );
    this.handover = handover.report;
    this.globalDatabaseId = globalDatabaseId;

    this.registerOutputs({ writerEndpoint: this.writerEndpoint, handover: this.handover });
  }
}

/** The global database is kept where it was made, whichever regions come and go: elsewhere it would be another one. */
function createGlobalDatabase(parent: pulumi.Resource, plan: AuroraTopologyPlan, tags: Tags): GlobalCluster {
  const home = new pulumi.Stash(`${plan.name}-home`, { input: plan.primary.awsRegion }, firstInput(parent));
  return createGlobalCluster(parent, plan, pulumi.output<string>(home.output), tags);
}

/** What a region has beside its database. */
function createBase(
  parent: pulumi.Resource,
  plan: AuroraTopologyPlan,
  region: AuroraRegionPlan,
  args: AuroraPostgresArgs,
  accountArn: pulumi.Output<string>,
  tags: Tags,
): RegionBase {
  const options = regionOptions(parent, region);
  return {
    options,
    key: createKey(plan, region, accountArn, tags, options),
    access: createAccess(plan, region, args.regions[region.region]!.network, tags, options),
    parameters: createParameters(plan, region, args.parameters ?? {}, tags, options),
  };
}

/** The primary before the others: AWS has something to copy then, and deletes the writer last. */
function createMembers(
  plan: AuroraTopologyPlan,
  bases: Readonly<Record<string, RegionBase>>,
  common: { birth: Birth; monitoring: ReturnType<typeof createMonitoringRole>; tags: Tags },
): Record<string, Member> {
  const create = (region: AuroraRegionPlan, dependsOn: pulumi.Resource[]) =>
    createMember(plan, region, bases[region.region]!, { ...common, dependsOn });
  const first = create(plan.primary, []);
  const others = plan.regions.filter(({ region }) => region !== plan.primary.region);
  return {
    [plan.primary.region]: first,
    ...mapRegions(others, (region) => create(region, [first.cluster, ...first.instances])),
  };
}

function createHandover(
  parent: pulumi.Resource,
  plan: AuroraTopologyPlan,
  members: pulumi.Resource[],
): AuroraHandover {
  const { follows, engineVersion, database, owner } = plan;
  return new AuroraHandover(
    `${plan.name}-handover`,
    { ...topologyInputs(parent, plan), follows, engineVersion, database, owner },
    { parent, dependsOn: members },
  );
}

/** The password, applied to whichever region writes. */
function createApplied(
  parent: pulumi.Resource,
  plan: AuroraTopologyPlan,
  password: pulumi.Output<string>,
  handover: AuroraHandover,
): AuroraPassword {
  return new AuroraPassword(
    `${plan.name}-password`,
    { ...topologyInputs(parent, plan), password },
    { parent, dependsOn: [handover] },
  );
}

function topologyInputs(component: pulumi.Resource, plan: AuroraTopologyPlan): TopologyInputs {
  const { primary, globalDatabaseId, regions } = plan;
  return {
    globalDatabaseId,
    primary: primary.region,
    ...accessInputs(component, plan),
    regions: mapRegions(regions, ({ awsRegion, activity, instances, names, mayBeDeleted }) => ({
      awsRegion,
      activity,
      instances,
      cluster: names.cluster,
      ...(mayBeDeleted ? { mayBeDeleted } : {}),
    })),
  };
}

function accessInputs(
  component: pulumi.Resource,
  { profile = "", assumeRoles }: AuroraTopologyPlan,
): AccessInputs {
  return {
    profile,
    ...(assumeRoles === undefined ? {} : { assumeRoles }),
    ...(component.getProvider("aws:index/getCallerIdentity:getCallerIdentity") === undefined
      ? {}
      : { hasProvider: true }),
  };
}

/** Whoever uses an endpoint waits until everything answers. */
function factsOf(
  { cluster }: Member,
  secretArn: pulumi.Output<string>,
  proxy: RegionProxy | undefined,
  ready: pulumi.Output<unknown>,
): RegionFacts {
  const after = <T>(value: pulumi.Output<T>) => ready.apply<T>(() => value);
  return {
    endpoint: endpointAt(after(cluster.endpoint)),
    readerEndpoint: endpointAt(after(cluster.readerEndpoint)),
    secretArn,
    clusterArn: cluster.arn,
    ...(proxy === undefined
      ? {}
      : {
          proxy: {
            readWrite: endpointAt(after(proxy.readWriteHost)),
            readOnly: endpointAt(after(proxy.readOnlyHost)),
          },
        }),
  };
}
