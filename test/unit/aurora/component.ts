import * as pulumi from "@pulumi/pulumi";
import type { AuroraPostgresArgs } from "../../../src/aurora/args";
import { AuroraPostgres } from "../../../src/aurora/aurora-postgres";

/** What was registered, as the engine would see it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly options: pulumi.CustomResourceOptions;
}

export const report = { kind: "founding", to: "rome", at: "2026-11-21T05:00:00.000Z" };

const network = (place: string) => ({
  vpcId: `vpc-${place}`,
  databaseSubnetIds: [`subnet-${place}-a`, `subnet-${place}-b`],
  clientCidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
});

export const args: AuroraPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { awsRegion: "eu-south-1", network: network("rome"), instances: 2 },
    lisbon: { awsRegion: "eu-west-1", network: network("lisbon") },
    dublin: {
      awsRegion: "eu-west-2",
      network: network("dublin"),
      serverless: { minCapacity: 8, maxCapacity: 64 },
    },
    bern: { awsRegion: "eu-central-1", network: network("bern"), instances: 0 },
  },
};

export interface World {
  /** Where the topology was founded, if it is not where it is now. */
  readonly founding?: string;
  /** The host that follows the writer. */
  readonly globalWriterHost?: string;
}

export interface Made {
  readonly db: AuroraPostgres;
  readonly resources: readonly Registered[];
}

/** Makes a topology without an engine. */
export async function make(changes: Partial<AuroraPostgresArgs> = {}, world: World = {}): Promise<Made> {
  const seen: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        seen.push(resource);
        return { id: `${resource.name}-id`, state: { ...resource.inputs, ...outputsOf(resource, world) } };
      },
      call: ({ token }) => {
        throw new Error(`no invoke is known, ${token} least of all`);
      },
    },
    "shop",
    "test",
  );
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const db = new AuroraPostgres(
    "db",
    { ...args, ...changes },
    {
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${type} ${name}`, opts as pulumi.CustomResourceOptions);
          return undefined;
        },
      ],
    },
  );
  await pulumi.runtime.disconnect();
  const resources = seen.map(({ type, name, inputs }) => ({
    type,
    name,
    inputs: inputs as Record<string, unknown>,
    options: options.get(`${type} ${name}`) ?? {},
  }));
  return { db, resources };
}

export function isAws({ type }: Registered): boolean {
  return type.startsWith("aws:");
}

/** All of a type, such as `aws:rds/cluster:Cluster`, by the end of its name. */
export function ofType({ resources }: Made, type: string): Registered[] {
  return resources.filter((resource) => resource.type.endsWith(`:${type}`));
}

export function named(made: Made, type: string, name: string): Registered {
  const found = ofType(made, type).find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(
      `no ${type} is named ${name}: ${ofType(made, type)
        .map((each) => each.name)
        .join(", ")}`,
    );
  }
  return found;
}

export function valueOf<Value>(input: pulumi.Input<Value>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}

const secretMark = "4dabf18193072939515e22adb298388d";

export function isMarked(input: unknown): boolean {
  return typeof input === "object" && input !== null && secretMark in input;
}

/** What a secret holds. */
export function plain(input: unknown): unknown {
  return isMarked(input) ? (input as { value: unknown }).value : input;
}

function outputsOf(
  { type, name, inputs }: pulumi.runtime.MockResourceArgs,
  { founding, globalWriterHost = "" }: World,
): Record<string, unknown> {
  const { region, input } = inputs as { region?: string; input?: unknown };
  const arn = { arn: `arn:aws:${type.split(/[:/]/)[1]}:${region ?? ""}:123456789012:${name}` };
  switch (type.split(":").at(-1)) {
    case "Stash":
      return { output: name === "db-founding" ? (founding ?? input) : input };
    case "RandomPassword":
      return { result: `${name}'s password` };
    case "GlobalCluster":
      return { ...arn, ...(globalWriterHost === "" ? {} : { endpoint: globalWriterHost }) };
    case "Cluster":
      return { ...arn, endpoint: `${name}.cluster.example`, readerEndpoint: `${name}.cluster-ro.example` };
    case "Proxy":
    case "ProxyEndpoint":
      return { ...arn, endpoint: `${name}.proxy.example` };
    case "ProxyDefaultTargetGroup":
      return { ...arn, name: "default" };
    case "Key":
      return { ...arn, keyId: `${name}-key-id` };
    case "AuroraHandover":
      return { report, globalWriterHost };
    default:
      return type.startsWith("aws:") ? arn : {};
  }
}
