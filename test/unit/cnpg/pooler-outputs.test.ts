import * as pulumi from "@pulumi/pulumi";
import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { planTopology } from "../../../src/cnpg/plan";
import { pooledUri, poolerEndpoints } from "../../../src/cnpg/pooler-outputs";
import { parseLibpqUri } from "../../../src/endpoints";

const region = (name: string) => ({ kubeconfig: `${name}.yaml`, host: `${name}.example.com` });

const args: CnpgPostgresArgs = {
  primary: "rome",
  namespace: "data",
  regions: {
    dublin: { ...region("dublin"), poolers: { readWrite: {} } },
    lisbon: { ...region("lisbon"), instances: 2, poolers: { readWrite: { port: 30_433 }, readOnly: {} } },
    oslo: region("oslo"),
    rome: { ...region("rome"), poolers: { readWrite: { port: 30_444 } } },
  },
};

const plan = planTopology("db", args);
const ready = pulumi.output("ready");
const endpoints = Object.fromEntries(
  plan.regions.map((each) => [each.region, poolerEndpoints(plan, each, ready)]),
);
const login = { username: "app", password: "a/b" };

async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

describe("what poolers give", () => {
  it("is where clients outside reach them, if they have a port, and else those inside", async () => {
    expect(await valueOf(pulumi.output(endpoints))).toEqual({
      dublin: { readWrite: { host: "db-dublin-pooler-rw.data.svc", port: 5432 } },
      lisbon: {
        readWrite: { host: "lisbon.example.com", port: 30_433 },
        readOnly: { host: "db-lisbon-pooler-ro.data.svc", port: 5432 },
      },
      oslo: undefined,
      rome: { readWrite: { host: "rome.example.com", port: 30_444 } },
    });
  });

  it("is a connection string through those that clients outside reach, the writer's region first", async () => {
    const uri = pooledUri(plan, endpoints, login)!;
    expect(await pulumi.isSecret(uri)).toBe(true);
    expect(parseLibpqUri(await valueOf(uri))).toEqual({
      ...login,
      database: "app",
      target: "read-write",
      endpoints: [
        { host: "rome.example.com", port: 30_444 },
        { host: "lisbon.example.com", port: 30_433 },
      ],
    });
  });

  it("is none where nobody outside reaches one", () => {
    const inside = planTopology("db", {
      ...args,
      regions: { rome: { ...region("rome"), poolers: { readWrite: {} } } },
    });
    expect(pooledUri(inside, endpoints, login)).toBeUndefined();
  });
});
