import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Alias } from "@pulumi/aws/kms/alias";
import { Key } from "@pulumi/aws/kms/key";
import { Parameter, type ParameterArgs } from "@pulumi/aws/ssm/parameter";
import * as pulumi from "@pulumi/pulumi";
import { accountKeyPolicy, accountOf } from "../aws-policies";
import { refuseIfAny } from "../rules";
import type { EndpointParametersArgs } from "./endpoint-parameters-args";
import { awsRegionsOf, endpointParametersFailures } from "./endpoint-parameters-rules";

/**
 * A topology's endpoints as SSM parameters, for whatever reads those: the same names in each AWS region, below `path`.
 *
 * | name | what it is |
 * |---|---|
 * | `writer/host`, `writer/port` | where writes go |
 * | `reader/host`, `reader/port` | where the region itself is read |
 * | `connection-uri` | `connectionUri`, encrypted |
 * | `read-only-uri` | the region's `readOnlyUris`, encrypted |
 *
 * What is encrypted is so with a key of the region's own, which AWS rotates every year: whoever reads it is let use the
 * key by IAM. A handover changes values, and no name. Bad input is refused before anything is created, with one error
 * that lists every failure.
 *
 * @example
 * ```ts
 * new EndpointParameters("db", { topology: db, path: "/shop/db" });
 * ```
 */
export class EndpointParameters extends pulumi.ComponentResource {
  /** What the parameters' names begin with. */
  readonly path: string;

  /** The ARN of each region's key, by region. */
  readonly keyArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: EndpointParametersArgs, options?: pulumi.ComponentResourceOptions) {
    const path = args?.path ?? `/${name}-${pulumi.getStack()}`;
    refuseIfAny(`EndpointParameters "${name}"`, endpointParametersFailures(path, args));
    super("multi-region-postgres:index:EndpointParameters", name, {}, options);
    const account = getCallerIdentityOutput({}, { parent: this }).arn;
    const awsRegions = awsRegionsOf(args);
    this.path = path;
    this.keyArns = Object.fromEntries(
      Object.keys(awsRegions)
        .sort()
        .map((region) => {
          const place = { prefix: `${name}-${region}`, path, region, awsRegion: awsRegions[region]! };
          const key = createKey(this, place, args, account);
          createParameters(this, place, args, key);
          return [region, key.arn];
        }),
    );
    this.registerOutputs({ path, keyArns: this.keyArns });
  }
}

interface Place {
  /** What the names of all resources of the region begin with. */
  readonly prefix: string;
  readonly path: string;
  readonly region: string;
  readonly awsRegion: string;
}

/** Of a lost region everything stays in the state as it was, and nothing is contacted. */
function optionsOf(
  parent: pulumi.Resource,
  { region }: Place,
  { lost = [] }: EndpointParametersArgs,
): pulumi.CustomResourceOptions {
  return { parent, ...(lost.includes(region) ? { ignoreChanges: ["*"], retainOnDelete: true } : {}) };
}

function createKey(
  parent: pulumi.Resource,
  place: Place,
  args: EndpointParametersArgs,
  account: pulumi.Output<string>,
): Key {
  const { prefix, path, awsRegion } = place;
  const options = optionsOf(parent, place, args);
  const key = new Key(
    `${prefix}-key`,
    {
      region: awsRegion,
      description: `Parameters below ${path}`,
      enableKeyRotation: true,
      policy: account.apply((arn) => accountKeyPolicy(accountOf(arn))),
      tags: args.tags ?? {},
    },
    options,
  );
  const alias = `alias${path.replaceAll(".", "-")}`;
  new Alias(`${prefix}-key`, { region: awsRegion, name: alias, targetKeyId: key.keyId }, options);
  return key;
}

function createParameters(
  parent: pulumi.Resource,
  place: Place,
  args: EndpointParametersArgs,
  key: Key,
): void {
  const { prefix, path, region, awsRegion } = place;
  const { topology, tags = {} } = args;
  const options = optionsOf(parent, place, args);
  const create = (suffix: string, description: string, value: Partial<ParameterArgs>) =>
    new Parameter(
      `${prefix}-${suffix.replace("/", "-")}`,
      { type: "String", ...value, region: awsRegion, name: `${path}/${suffix}`, description, tags },
      options,
    );
  const encrypted = (uri: pulumi.Output<string>) => ({
    type: "SecureString",
    keyId: key.arn,
    value: pulumi.secret(uri),
  });
  const endpoints = { writer: topology.writerEndpoint, reader: topology.regions[region]!.endpoint };
  for (const [who, endpoint] of Object.entries(endpoints)) {
    create(`${who}/host`, `The host of the ${who}`, {
      insecureValue: endpoint.apply(({ host }) => host),
    });
    create(`${who}/port`, `The port of the ${who}`, {
      insecureValue: endpoint.apply(({ port }) => String(port)),
    });
  }
  create("connection-uri", "Reads and writes", encrypted(topology.connectionUri));
  create("read-only-uri", `Reads from ${region}`, encrypted(topology.readOnlyUris[region]!));
}
