import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ConnectionStrings } from "../connection-strings";
import type { Endpoint } from "../endpoints";
import { superuser } from "../roles";
import { firstInput } from "../first-input";
import { knownRegions } from "../known-regions";
import { regionSet } from "../region-set";
import { refuseIfAny } from "../rules";
import { stringsOf } from "../secret-uri";
import type { PostgresSecrets } from "../secrets/postgres-secrets";
import type { Credential, HandoverReport, NamedAtRunTime, Region, Topology } from "../topology";
import { mapRegions, topologyOutputs } from "../topology-outputs";
import type { TopologyPlan } from "../topology-plan";
import { topologySecrets } from "../topology-secrets";
import { warnOfDangers } from "../topology-warnings";
import type { LocalPostgresArgs } from "./args";
import { planTopology, type LocalRegionPlan } from "./plan";
import { dataHome, regionFiles } from "./postgres/folders";
import type { RegionInputs } from "./provider/inputs";
import { LocalHandover, LocalReplication, LocalServer } from "./resources";
import { localFailures } from "./rules";

/**
 * One PostgreSQL across regions that are real servers on this machine: for laptops, for CI, and for trying a
 * topology before it is taken to a cloud.
 *
 * Bad input is refused before anything is created, with one error that lists every failure.
 *
 * @example
 * ```ts
 * const db = new LocalPostgres("db", {
 *   primary: "rome",
 *   regions: { rome: { port: 5501 }, lisbon: { port: 5502 }, dublin: { port: 5503 } },
 * });
 * export const connectionUri = db.connectionUri;
 * ```
 */
export class LocalPostgres<Name extends string = string, Given extends string = string>
  extends pulumi.ComponentResource
  implements Topology<Name>
{
  readonly regions: Readonly<Record<Name, Region>>;
  readonly writerEndpoint: pulumi.Output<Endpoint>;
  readonly readerEndpoints: Readonly<Record<string, pulumi.Output<Endpoint>>>;
  readonly connectionUri: pulumi.Output<string>;
  readonly connectionStrings: pulumi.Output<ConnectionStrings>;
  readonly readOnlyUris: Readonly<Record<Name, pulumi.Output<string>>>;
  readonly credentials: pulumi.Output<Readonly<Record<string, Credential>>>;
  readonly caCertificate: pulumi.Output<string>;
  readonly handover: pulumi.Output<HandoverReport>;

  constructor(name: string, args: LocalPostgresArgs<Name>, options?: pulumi.ComponentResourceOptions);
  constructor(
    name: string,
    args: NamedAtRunTime<LocalPostgresArgs<Name>, Given>,
    options?: pulumi.ComponentResourceOptions,
  );
  constructor(name: string, args: LocalPostgresArgs, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`LocalPostgres "${name}"`, localFailures(args));
    super("multi-region-postgres:index:LocalPostgres", name, {}, options);
    const plan = planTopology(args, args.dataDir ?? defaultDataDir(name));

    const secrets = topologySecrets(this, name, plan, args, {
      regions: mapRegions(plan.regions, ({ host }) => ({
        names: [...new Set([host, "localhost", "127.0.0.1", "::1"])],
      })),
    });
    const founding = new pulumi.Stash(`${name}-founding`, { input: args.primary }, firstInput(this));
    const parts = {
      parent: this,
      name,
      args,
      plan,
      secrets,
      founding: pulumi.output<string>(founding.output),
    };
    const readers = plan.readers.map((region) => createServer(parts, region, []));
    const handover = createHandover(parts, readers);
    warnOfDangers(this, plan, handover.dangers);
    const writer = createServer(parts, plan.primary, [handover]);
    const replications = plan.regions.map((region) => createReplication(parts, region, [writer]));

    const outputs = topologyOutputs(
      plan,
      endpointsOf(plan, [writer, ...readers], replications),
      secrets.passwords,
      args.roles,
      regionFiles(plan.primary.folder).publicCa,
    );
    const component = `LocalPostgres "${name}"`;
    this.regions = knownRegions(component, outputs.regions);
    this.writerEndpoint = outputs.writerEndpoint;
    this.readerEndpoints = outputs.readerEndpoints;
    this.connectionUri = outputs.connectionUri;
    this.connectionStrings = stringsOf(outputs.connectionUri);
    this.readOnlyUris = knownRegions(component, outputs.readOnlyUris);
    this.credentials = outputs.credentials;
    this.caCertificate = secrets.caCertificate;
    this.handover = handover.report;

    this.registerOutputs({ writerEndpoint: this.writerEndpoint, handover: this.handover });
  }
}

interface Parts {
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly args: LocalPostgresArgs;
  readonly plan: TopologyPlan<LocalRegionPlan>;
  readonly secrets: PostgresSecrets;
  readonly founding: pulumi.Output<string>;
}

function defaultDataDir(name: string): string {
  return join(dataHome(), pulumi.getProject(), pulumi.getStack(), name);
}

function topologyName(name: string): string {
  return [pulumi.getProject(), pulumi.getStack(), name].join("/");
}

function createServer(parts: Parts, region: LocalRegionPlan, dependsOn: pulumi.Resource[]): LocalServer {
  const { parent, name, args, plan, secrets, founding } = parts;
  const { certificate, privateKey } = secrets.servers[region.region]!;
  // Certificates are no secrets. They are given as some, so that a preview of a rotation is not full of them.
  return new LocalServer(
    `${name}-${region.region}`,
    {
      ...sharedInputs(parts, region),
      certificate: pulumi.secret(certificate),
      privateKey,
      replicationCertificate: pulumi.secret(secrets.replication.certificate),
      replicationKey: secrets.replication.privateKey,
      topology: topologyName(name),
      founding,
      declared: regionSet(plan.regions.map((declared) => declared.region)),
      ...(region.activity === "active" ? {} : { lost: regionSet(args.lost ?? []) }),
      keepData: args.keepData ?? false,
      database: plan.database,
      owner: plan.owner,
      roles: withoutPasswords(args),
      passwords: pulumi.secret(pulumi.all(secrets.passwords)),
    },
    { parent, dependsOn },
  );
}

function createHandover(parts: Parts, readers: pulumi.Resource[]): LocalHandover {
  const { parent, name, args, plan, secrets } = parts;
  const present = plan.regions.filter(({ activity }) => activity !== "lost");
  return new LocalHandover(
    `${name}-handover`,
    {
      topology: topologyName(name),
      primary: args.primary,
      durability: plan.durability,
      lost: args.lost ?? [],
      regions: mapRegions(present, ({ folder, host, port, activity }) => ({
        folder,
        host,
        port,
        hibernated: activity === "hibernated",
      })),
      caCertificate: pulumi.secret(secrets.caCertificate),
      superuserPassword: secrets.passwords[superuser]!,
      ...(args.keepData === true ? { keepData: true } : {}),
    },
    { parent, dependsOn: readers },
  );
}

function createReplication(
  parts: Parts,
  region: LocalRegionPlan,
  dependsOn: pulumi.Resource[],
): LocalReplication {
  const { parent, name, plan } = parts;
  return new LocalReplication(
    `${name}-${region.region}-replication`,
    { ...sharedInputs(parts, region), followers: regionSet(region.role === "writer" ? plan.followers : []) },
    { parent, dependsOn },
  );
}

function sharedInputs(
  { args, plan, secrets }: Parts,
  { region, role, activity, folder, host, port, peers }: LocalRegionPlan,
): { [K in keyof RegionInputs]: pulumi.Input<RegionInputs[K]> } {
  const { primary, durability } = plan;
  return {
    region,
    role,
    activity,
    folder,
    host,
    port,
    peers: regionSet(peers),
    durability,
    primary: { region: primary.region, folder: primary.folder, host: primary.host, port: primary.port },
    parameters: pulumi
      .all(args.parameters ?? {})
      .apply((values) =>
        Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
      ),
    caCertificate: pulumi.secret(secrets.caCertificate),
    superuserPassword: secrets.passwords[superuser]!,
    binDir: args.binDir ?? "",
  };
}

/** Whoever uses an endpoint waits for its server, and for every reader to follow. */
function endpointsOf(
  plan: TopologyPlan<LocalRegionPlan>,
  servers: readonly LocalServer[],
  replications: readonly LocalReplication[],
): Record<string, pulumi.Output<Endpoint>> {
  const ready = pulumi.all([...servers, ...replications].map(({ urn }) => urn));
  return mapRegions(plan.regions, ({ host, port }) => ready.apply(() => ({ host, port })));
}

function withoutPasswords({ roles }: LocalPostgresArgs) {
  return Object.fromEntries(
    Object.entries(roles ?? {}).map(([name, role]) => {
      const { login, replication, memberOf, createDatabases, connectionLimit } = role;
      const attributes = {
        ...(login === undefined ? {} : { login }),
        ...(replication === undefined ? {} : { replication }),
        ...(memberOf === undefined ? {} : { memberOf }),
        ...(createDatabases === undefined ? {} : { createDatabases }),
        ...(connectionLimit === undefined ? {} : { connectionLimit }),
      };
      return [name, attributes];
    }),
  );
}
