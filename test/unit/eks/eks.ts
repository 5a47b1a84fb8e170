import * as pulumi from "@pulumi/pulumi";
import type { EksRegionArgs } from "../../../src/eks/args";
import { EksRegion } from "../../../src/eks/eks-region";

export type Inputs = Record<string, unknown>;

export const args: EksRegionArgs = {
  network: {
    awsRegion: "eu-south-1",
    vpcId: "vpc-1",
    privateSubnetIds: ["subnet-a", "subnet-b"],
    clientCidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
    serviceCidrBlock: "172.20.0.0/20",
  },
  access: {
    deployers: { principalArn: "arn:aws:iam::123456789012:role/deploy", policy: "clusterAdmin" },
    readers: { principalArn: "arn:aws:iam::123456789012:role/read", namespaces: ["shop"] },
  },
  tags: { team: "web" },
};

export interface Made {
  readonly region: EksRegion;
  /** What Pulumi refuses to delete. */
  readonly protectedOnes: readonly string[];
  /** The inputs of all of a type, by name. */
  readonly of: (type: string) => Record<string, Inputs>;
  /** All of AWS's, by type and name. */
  readonly resources: readonly { readonly type: string; readonly name: string; readonly inputs: Inputs }[];
}

/** What a program with one `EksRegion`, called `rome`, registers. */
export async function make(changes: Partial<EksRegionArgs> = {}): Promise<Made> {
  const registered: { type: string; name: string; inputs: Inputs }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Inputs });
        return {
          id: `${name}-id`,
          state: { ...(inputs as Inputs), ...outputsOf(type, name, inputs as Inputs) },
        };
      },
      call: ({ token }) => {
        throw new Error(`no invoke is known, ${token} least of all`);
      },
    },
    "shop",
    "test",
  );
  const protectedOnes: string[] = [];
  const transformation: pulumi.ResourceTransformation = ({ name, opts }) => {
    protectedOnes.push(...(opts.protect === true ? [name] : []));
    return undefined;
  };
  const options = { transformations: [transformation] };
  const region = new EksRegion("rome", { ...args, ...changes }, options);
  await pulumi.runtime.disconnect();
  return {
    region,
    protectedOnes,
    of: (type) =>
      Object.fromEntries(
        registered
          .filter((resource) => resource.type.endsWith(`:${type}`))
          .map(({ name, inputs }) => [name, inputs] as const)
          .sort(([one], [other]) => one.localeCompare(other)),
      ),
    resources: registered.filter(({ type }) => type.startsWith("aws:")),
  };
}

export function known<T>(value: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => value.apply((found) => resolve(found as T)));
}

function outputsOf(type: string, name: string, { region = "", version }: Inputs): Inputs {
  const arn = `arn:aws:${type.split(/[:/]/)[1]}:${String(region)}:123456789012:${name}`;
  switch (type.split(":").at(-1)) {
    case "Cluster":
      return {
        arn,
        version: version ?? "1.35",
        endpoint: "https://api.example",
        certificateAuthority: { data: "Q0E=" },
        identities: [{ oidcs: [{ issuer: "https://oidc.example/id/1" }] }],
      };
    case "LaunchTemplate":
      return { arn, latestVersion: 3 };
    case "Key":
      return { arn, keyId: `${name}-key-id` };
    default:
      return { arn };
  }
}
