import { join } from "node:path";
import type * as Functions from "../../../tools/plugins/aws/functions.mjs" with {
  "resolution-mode": "import",
};
import type * as Schema from "../../../tools/plugins/aws/schema.mjs" with { "resolution-mode": "import" };
import type * as Types from "../../../tools/plugins/aws/types.mjs" with { "resolution-mode": "import" };
import { importedIn, sourcesBelow } from "./imports";
import { EC2, RDS } from "./world";

const { isKnown } = jest.requireActual<typeof Types>("../../../tools/plugins/aws/types.mjs");
const { schemaOf } = jest.requireActual<typeof Schema>("../../../tools/plugins/aws/schema.mjs");
const { isKnownFunction } = jest.requireActual<typeof Functions>("../../../tools/plugins/aws/functions.mjs");

describe("what the package imports of @pulumi/aws", () => {
  const { resources, functions } = importedIn(sourcesBelow(join(__dirname, "../../../src")));

  test("are resource types that the stand-in has: a new one is added in tools/plugins/aws/recorded.mjs or types.mjs", () => {
    expect(resources.filter((token) => !isKnown(token))).toEqual([]);
  });

  test("are functions that the stand-in has: a new one is added in tools/plugins/aws/functions.mjs", () => {
    expect(functions.filter((token) => !isKnownFunction(token))).toEqual([]);
  });
});

describe("the reading of imports", () => {
  test("finds resource types and functions, under other names too, and nothing else", () => {
    const sources = {
      "a.ts": `
        import { Cluster } from "@pulumi/aws/rds/cluster";
        import { Cluster as EksCluster, type ClusterArgs } from '@pulumi/aws/eks/cluster';
        import type { Vpc } from "@pulumi/aws/ec2/vpc";
        import type {
          SubnetArgs,
        } from "@pulumi/aws/ec2/subnet";
        import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
        import { Provider } from "@pulumi/aws/provider";
        import { something } from "@pulumi/awsx";
      `,
      "b.ts": `
        import {
          getPolicyDocument,
          getPolicyDocumentOutput,
        } from "@pulumi/aws/iam/getPolicyDocument";
        const { Key } = require("@pulumi/aws/kms/key");
        const { Alias: Name } = await import("@pulumi/aws/kms/alias");
      `,
    };
    expect(importedIn(sources)).toEqual({
      resources: [
        "aws:eks/cluster:Cluster",
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
        "aws:rds/cluster:Cluster",
      ],
      functions: [
        "aws:iam/getPolicyDocument:getPolicyDocument",
        "aws:index/getCallerIdentity:getCallerIdentity",
      ],
    });
  });

  test.each([
    [`import * as aws from "@pulumi/aws";`],
    [`import { rds } from "@pulumi/aws";`],
    [`import { Cluster } from "@pulumi/aws/rds";`],
    [`import cluster from "@pulumi/aws/rds/cluster";`],
    [`const aws = require("@pulumi/aws/rds/cluster");`],
  ])("refuses %s, of which it cannot tell what is used", (source) => {
    expect(() => importedIn({ "a.ts": source })).toThrow(/^a\.ts: /);
  });

  test("would find a type that the stand-in lacks", () => {
    const { resources } = importedIn({ "a.ts": `import { Queue } from "@pulumi/aws/sqs/queue";` });
    expect(resources.filter((token) => !isKnown(token))).toEqual(["aws:sqs/queue:Queue"]);
  });
});

describe("what the SDK tells of a type", () => {
  test("are its inputs, outputs, secrets and whether it has a region", () => {
    expect(schemaOf(RDS.cluster)).toMatchObject({
      inputs: expect.arrayContaining(["engine", "region"]),
      outputs: expect.arrayContaining(["arn", "endpoint", "tagsAll"]),
      required: ["engine"],
      secrets: ["masterPassword", "masterPasswordWo"],
      isRegional: true,
    });
    expect(schemaOf("aws:iam/role:Role")).toMatchObject({ isRegional: false });
    expect(schemaOf("aws:rds/nonsense:Nonsense")).toBeUndefined();
  });

  test.each(Object.values({ ...EC2, ...RDS }))("is known of %s, which the stand-in has", (token) => {
    expect(schemaOf(token)).toMatchObject({ token, isRegional: true });
    expect(isKnown(token)).toBe(true);
  });
});
