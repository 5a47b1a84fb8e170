import * as pulumi from "@pulumi/pulumi";
import type { Connection, Endpoint } from "../endpoints";
import { secretUri } from "../secret-uri";
import type { PoolerEndpoints, Region, Topology } from "../topology";
import { mapRegions } from "../topology-outputs";
import { port, type AuroraRegionPlan, type AuroraTopologyPlan } from "./plan";

/** One region of an Aurora global database, as it comes out. */
export interface AuroraRegion extends Region {
  /** The AWS region that it is. */
  readonly awsRegion: string;

  /** Where its instances answer that read alone: spread over them by AWS. A headless region has nobody there. */
  readonly readerEndpoint: pulumi.Output<Endpoint>;

  /** The ARN of its copy of the owner's credential in Secrets Manager. */
  readonly secretArn: pulumi.Output<string>;

  /** The ARN of its cluster. */
  readonly clusterArn: pulumi.Output<string>;
}

/** What a region has to show, once everything is well. */
export interface RegionFacts {
  readonly endpoint: pulumi.Output<Endpoint>;
  readonly readerEndpoint: pulumi.Output<Endpoint>;
  readonly secretArn: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  /** Where its proxy answers, if it has one. */
  readonly proxy?: Required<PoolerEndpoints>;
}

export interface AuroraOutputs extends Omit<Topology, "connectionStrings" | "caCertificate" | "handover"> {
  readonly regions: Readonly<Record<string, AuroraRegion>>;
}

/**
 * A reader's `endpoint` is its reader endpoint: the other one accepts no connection before the region writes.
 *
 * `connectionUri` leads with the name that follows the writer, where AWS has one: AWS takes it away from a writer that it
 * has failed over from, and fences that one (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html).
 * Behind it stand the endpoints of the regions, for clients that still have the name's old address.
 *
 * @param globalWriter Where AWS lets the name follow the writer; undefined where it has none.
 */
export function auroraOutputs(
  plan: AuroraTopologyPlan,
  facts: Readonly<Record<string, RegionFacts>>,
  password: pulumi.Output<string>,
  globalWriter: pulumi.Output<Endpoint | undefined>,
): AuroraOutputs {
  const { owner, database } = plan;
  const login = password.apply((word) => ({ username: owner, password: word }));
  const uri = (endpoints: Parameters<typeof secretUri>[0], target: Connection["target"]) =>
    secretUri(endpoints, login, { database, target });
  const answering = plan.byPreference.filter(({ instances }) => instances > 0);
  const reading = plan.readers.filter(({ activity, instances }) => activity === "active" && instances > 0);
  const readFrom = ({ region }: AuroraRegionPlan) => facts[region]!.readerEndpoint;
  const own = plan.byPreference.map(({ region }) => facts[region]!.endpoint);
  const writers = pulumi
    .all([globalWriter, pulumi.all(own)])
    .apply(([first, regions]): Endpoint[] => (first === undefined ? regions : [first, ...regions]));
  return {
    regions: mapRegions(plan.regions, (own): AuroraRegion => {
      const { role, awsRegion } = own;
      const { endpoint, proxy, ...others } = facts[own.region]!;
      return {
        role,
        awsRegion,
        ...others,
        endpoint: role === "writer" ? endpoint : others.readerEndpoint,
        ...(proxy === undefined ? {} : { pooler: poolerOf(own, proxy) }),
      };
    }),
    // The writer that is followed is another program's, in a region that is none of these.
    writerEndpoint: plan.follows
      ? globalWriter.apply((found) => found ?? { host: "", port })
      : facts[plan.primary.region]!.endpoint,
    readerEndpoints: mapRegions(reading, readFrom),
    connectionUri: uri(writers, "read-write"),
    readOnlyUris: mapRegions(plan.regions, (own) =>
      uri(
        [...answering].sort((one, other) => Number(other === own) - Number(one === own)).map(readFrom),
        "any",
      ),
    ),
    credentials: pulumi.secret(login.apply((own) => ({ [owner]: own }))),
  };
}

/** A proxy has nobody to write to where the region reads, and nobody to read from where the writer is alone. */
function poolerOf(
  { role, instances }: AuroraRegionPlan,
  { readWrite, readOnly }: NonNullable<RegionFacts["proxy"]>,
): PoolerEndpoints {
  return {
    ...(role === "writer" ? { readWrite } : {}),
    ...(role === "reader" || instances > 1 ? { readOnly } : {}),
  };
}

export function endpointAt(host: pulumi.Input<string>): pulumi.Output<Endpoint> {
  return pulumi.output(host).apply((name) => ({ host: name, port }));
}
