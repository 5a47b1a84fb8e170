import * as pulumi from "@pulumi/pulumi";
import { accountFailures } from "../../../src/aurora/account";
import { AuroraPostgres } from "../../../src/aurora/aurora-postgres";
import { accountOf } from "../../../src/aurora/provider/credentials";
import { args } from "./component";

jest.mock("../../../src/aurora/provider/credentials", () => ({ accountOf: jest.fn() }));

const remedy =
  "give assumeRoles or profile, so that handovers ask AWS as the provider does, or the same credentials in the environment";

describe("the accounts of the AWS provider and of handovers", () => {
  it("are the same, or refused with both ids", () => {
    expect(accountFailures("111122223333", "111122223333")).toEqual([]);
    expect(accountFailures("111122223333", "444455556666")).toEqual([
      {
        propertyPath: "profile",
        reason: `the AWS provider is of account 111122223333, and handovers would ask account 444455556666: ${remedy}`,
      },
    ]);
  });

  it("are refused where handovers have no credentials, with AWS's own words", () => {
    const error = Object.assign(new Error("Token is expired"), { name: "ExpiredTokenException" });
    expect(accountFailures("111122223333", error)).toEqual([
      {
        propertyPath: "profile",
        reason:
          "handovers have no credentials for account 111122223333, that of the AWS provider: ExpiredTokenException: " +
          `Token is expired. To go on, ${remedy}`,
      },
    ]);
  });

  it("are not compared while AWS is silent, so that an outage is not in the way of a failover", () => {
    const silence = Object.assign(new Error("no answer"), { name: "TimeoutError" });
    expect(accountFailures("111122223333", silence)).toEqual([]);
  });
});

describe("a component before the accounts are compared", () => {
  afterEach(() => jest.restoreAllMocks());

  const outputs = {
    ...{ arn: "arn:aws:iam::111122223333:role/db", result: "password", output: "rome", keyId: "key" },
    ...{ endpoint: "db.example", readerEndpoint: "db-ro.example", globalWriterHost: "db.global.example" },
  };

  /** What is registered while an engine runs, where handovers would ask this account. */
  async function registered(own: Promise<string>): Promise<string[]> {
    const names: string[] = [];
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => {
          names.push(name);
          return { id: `${name}-id`, state: { ...(inputs as object), ...outputs } };
        },
        call: () => ({ accountId: "111122223333" }),
      },
      "shop",
      "test",
    );
    jest.spyOn(pulumi.runtime, "getEngine").mockReturnValue({} as never);
    jest.mocked(accountOf).mockReturnValue(own);
    jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    new AuroraPostgres("db", { ...args, regions: { rome: args.regions["rome"]! } });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return names;
  }

  it("registers nothing", async () => {
    expect(await registered(new Promise(() => undefined))).toEqual([]);
  });

  it("is not registered where they differ: the engine refuses", async () => {
    expect(await registered(Promise.resolve("444455556666"))).toEqual(["db-account"]);
  });

  it("is registered, with all of its own, where they are the same", async () => {
    expect(await registered(Promise.resolve("111122223333"))).toEqual(
      expect.arrayContaining(["db", "db-founding", "db-global", "db-rome-key"]),
    );
  });
});
