import * as pulumi from "@pulumi/pulumi";
import type { ConnectionStrings } from "../connection-strings";
import type { Endpoint } from "../endpoints";
import { knownRegions } from "../known-regions";
import { declareObjects } from "../kubernetes/declare-objects";
import { refuseIfAny } from "../rules";
import { stringsOf } from "../secret-uri";
import type {
  Credential,
  HandoverReport,
  NamedAtRunTime,
  ParameterValue,
  Region,
  Topology,
} from "../topology";
import { mapRegions, topologyOutputs } from "../topology-outputs";
import { topologySecrets } from "../topology-secrets";
import { warnOfDangers } from "../topology-warnings";
import type { CnpgPostgresArgs } from "./args";
import { certificateHolders } from "./certificate-resources";
import type { ExternalWriterArgs } from "./external-writer";
import { followingOutputs } from "./following-outputs";
import { clusterSpec } from "./manifests/cluster-spec";
import { bootstrapSpec } from "./manifests/origin-spec";
import { createPodMonitors } from "./monitoring-resources";
import { parameters } from "./manifests/parameters";
import { plannedObjects } from "./planned-objects";
import { planTopology, type CnpgRegionPlan, type CnpgTopologyPlan } from "./plan";
import type { ExternalWriterAccess, TopologyInputs } from "./provider/inputs";
import { pooledUri, poolerEndpoints } from "./pooler-outputs";
import { createPoolers } from "./pooler-resources";
import { createBase, createCluster, type RegionBase } from "./region-resources";
import { CnpgFounding, CnpgHandover, CnpgPreflight, CnpgReplication, type InputsOf } from "./resources";
import { cnpgFailures } from "./rules";

/**
 * One PostgreSQL across Kubernetes clusters, run in each of them by the operator CloudNativePG.
 *
 * Bad input is refused before anything is created, with one error that lists every failure.
 *
 * @example
 * ```ts
 * const db = new CnpgPostgres("db", {
 *   primary: "rome",
 *   regions: {
 *     rome: { kubeconfig: config.requireSecret("rome"), host: "rome.example.com" },
 *     lisbon: { kubeconfig: config.requireSecret("lisbon"), host: "lisbon.example.com" },
 *   },
 * });
 * export const connectionUri = db.connectionUri;
 * ```
 */
export class CnpgPostgres<Name extends string = string, Given extends string = string>
  extends pulumi.ComponentResource
  implements Topology<Name>
{
  readonly regions: Readonly<Record<Name, Region>>;
  readonly writerEndpoint: pulumi.Output<Endpoint>;
  readonly readerEndpoints: Readonly<Record<string, pulumi.Output<Endpoint>>>;
  readonly connectionUri: pulumi.Output<string>;
  readonly connectionStrings: pulumi.Output<ConnectionStrings>;
  readonly pooledUri?: pulumi.Output<string>;
  readonly readOnlyUris: Readonly<Record<Name, pulumi.Output<string>>>;
  readonly credentials: pulumi.Output<Readonly<Record<string, Credential>>>;
  readonly caCertificate: pulumi.Output<string>;
  readonly handover: pulumi.Output<HandoverReport>;

  constructor(name: string, args: CnpgPostgresArgs<Name>, options?: pulumi.ComponentResourceOptions);
  constructor(
    name: string,
    args: NamedAtRunTime<CnpgPostgresArgs<Name>, Given>,
    options?: pulumi.ComponentResourceOptions,
  );
  constructor(name: string, args: CnpgPostgresArgs, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`CnpgPostgres "${name}"`, cnpgFailures(name, args));
    super("multi-region-postgres:index:CnpgPostgres", name, {}, options);
    const plan = planTopology(name, args);

    const secrets = topologySecrets(this, name, plan, args, certificateHolders(plan));
    const { externalWriter } = args;
    const { namespace, database, owner, origin } = plan;
    // What begins as copies of a server outside is founded in no region.
    const founder = externalWriter === undefined ? plan.primary.region : "";
    const founding = new CnpgFounding(
      `${name}-founding`,
      {
        primary: founder,
        namespace,
        database,
        owner,
        origin,
        ...(plan.initdb === undefined ? {} : { initdb: plan.initdb }),
        regions: mapRegions(plan.regions, ({ cluster }) => ({ cluster })),
        ...declareObjects(this, plannedObjects(plan, args)),
      },
      { parent: this },
    );
    const inputs = topologyInputs(plan, args, founding);
    const bases = mapRegions(plan.regions, (region) =>
      createBase(this, plan, region, founding, args, secrets),
    );
    const declared = pulumi.output(parameters(args.parameters, asText));
    const preflight = new CnpgPreflight(
      `${name}-preflight`,
      { ...inputs, parameters: declared },
      {
        parent: this,
        dependsOn: pulumi
          .all(Object.values(bases).map(({ foundation }) => foundation))
          .apply((foundations) => foundations.flat()),
      },
    );
    const parametersOf = (region: string) =>
      pulumi.all([declared, preflight.kept]).apply(([all, kept = {}]) => ({ ...all, ...kept[region] }));
    const parts = { plan, args, founding, bases, parametersOf };
    const readers = plan.readers.map((region) => createDatabase(parts, region, undefined, [preflight]));
    const handover = new CnpgHandover(`${name}-handover`, inputs, {
      parent: this,
      dependsOn: [preflight, ...readers],
    });
    warnOfDangers(this, plan, handover.dangers);
    const writer = createDatabase(parts, plan.primary, handover, [preflight, handover]);
    const replication = new CnpgReplication(
      `${name}-replication`,
      { ...inputs, token: handover.token, poolers: plan.regions.some(({ poolers }) => poolers.length > 0) },
      { parent: this, dependsOn: [writer, ...readers] },
    );
    const poolers = createPoolers(this, plan, bases, inputs, [replication]);
    createPodMonitors(plan, bases, [replication]);

    const endpoints = endpointsOf(plan, replication);
    const outputs =
      externalWriter === undefined
        ? topologyOutputs(plan, endpoints, secrets.passwords, args.roles)
        : followingOutputs(plan, endpoints, externalWriter);
    const pooling = mapRegions(plan.regions, (region) => poolerEndpoints(plan, region, poolers?.urn));
    const regions = mapRegions(plan.regions, ({ region }) => {
      const pooler = pooling[region];
      return { ...outputs.regions[region]!, ...(pooler === undefined ? {} : { pooler }) };
    });
    const component = `CnpgPostgres "${name}"`;
    this.regions = knownRegions(component, regions);
    this.writerEndpoint = outputs.writerEndpoint;
    this.readerEndpoints = outputs.readerEndpoints;
    this.connectionUri = outputs.connectionUri;
    this.connectionStrings = stringsOf(outputs.connectionUri);
    const pooled =
      externalWriter === undefined
        ? pooledUri(
            plan,
            pooling,
            outputs.credentials.apply((known) => known[owner]!),
          )
        : undefined;
    if (pooled !== undefined) {
      this.pooledUri = pooled;
    }
    this.readOnlyUris = knownRegions(component, outputs.readOnlyUris);
    this.credentials = outputs.credentials;
    const ownCa =
      typeof plan.certificates === "string"
        ? secrets.caCertificate
        : pulumi.output(plan.certificates.caCertificate);
    this.caCertificate =
      externalWriter === undefined ? ownCa : pulumi.interpolate`${ownCa}${externalWriter.caCertificate}`;
    this.handover = pulumi
      .all([handover.report, replication.writableSince])
      .apply(([report, at]) => ({ ...report, at }));

    this.registerOutputs({ writerEndpoint: this.writerEndpoint, handover: this.handover });
  }
}

interface Parts {
  readonly plan: CnpgTopologyPlan;
  readonly args: CnpgPostgresArgs;
  readonly founding: CnpgFounding;
  readonly bases: Readonly<Record<string, RegionBase>>;
  readonly parametersOf: (region: string) => pulumi.Output<Record<string, string>>;
}

function asText(value: pulumi.Input<ParameterValue>): pulumi.Output<string> {
  return pulumi.output(value).apply(String);
}

function topologyInputs(
  plan: CnpgTopologyPlan,
  args: CnpgPostgresArgs,
  founding: CnpgFounding,
): InputsOf<TopologyInputs> {
  return {
    primary: args.primary,
    founding: founding.primary,
    durability: plan.durability,
    ...(args.externalWriter === undefined
      ? {}
      : { externalWriter: externalWriterAccess(plan, args.externalWriter) }),
    regions: pulumi.all(
      mapRegions(plan.regions, ({ region, activity, cluster }) => {
        const { kubeconfig, context } = args.regions[region]!;
        return pulumi
          .all([pulumi.secret(kubeconfig), context, founding.namespace])
          .apply(([text, name, space]) => ({
            activity,
            access: { region, kubeconfig: text, context: name ?? "", namespace: space, cluster },
          }));
      }),
    ),
  };
}

function externalWriterAccess(
  { externalWriter, database, owner }: CnpgTopologyPlan,
  { superuser }: ExternalWriterArgs,
): pulumi.Output<ExternalWriterAccess> {
  return pulumi
    .all([superuser.username, pulumi.secret(superuser.password)])
    .apply(([username, password]) => ({ ...externalWriter!, username, password, database, owner }));
}

/** @param handover By which the region writes. */
function createDatabase(
  { plan, args, founding, bases, parametersOf }: Parts,
  region: CnpgRegionPlan,
  handover: CnpgHandover | undefined,
  dependsOn: readonly pulumi.Resource[],
) {
  const spec = clusterSpec(plan, region, {
    parameters: parametersOf(region.region),
    pgHba: args.pgHba ?? {},
    roles: args.roles ?? {},
    ...(args.origin && { origin: args.origin }),
    externalWriter: args.externalWriter,
    bootstrap: founding.primary.apply((first) =>
      pulumi.output(bootstrapSpec(plan, args, first === region.region && region.role === "writer")),
    ),
    promotionToken: handover?.token ?? "",
  });
  return createCluster(plan, region, bases[region.region]!, spec, {
    isCopy: handover === undefined || handover.report.apply(({ kind }) => kind !== "founding"),
    protect: args.protect ?? true,
    dependsOn,
  });
}

/** Whoever uses an endpoint waits until everything answers. */
function endpointsOf(
  plan: CnpgTopologyPlan,
  replication: CnpgReplication,
): Record<string, pulumi.Output<Endpoint>> {
  return mapRegions(plan.regions, ({ host, port }) => replication.urn.apply(() => ({ host, port })));
}
