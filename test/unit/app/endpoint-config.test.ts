import * as pulumi from "@pulumi/pulumi";
import { EndpointConfig, type EndpointConfigArgs } from "../../../src/app";
import type { Topology } from "../../../src/topology";
import { named, register, valueOf } from "./component";
import { endpointOf, hostOf, topologyOf } from "./topology";

const pooled = topologyOf("rome");
const topology: Topology = {
  ...pooled,
  regions: {
    ...pooled.regions,
    rome: {
      ...pooled.regions["rome"]!,
      pooler: { readWrite: pulumi.output({ host: hostOf("rome"), port: 30_433 }) },
    },
  },
  pooledUri: pulumi.secret("postgresql://through"),
};

const args: EndpointConfigArgs = {
  topology,
  regions: {
    rome: { kubeconfig: "rome's", namespace: "shop" },
    lisbon: { kubeconfig: "lisbon's", context: "admin", namespace: "shop" },
  },
};

const make = (changes: object = {}) =>
  register((options) => new EndpointConfig("db-endpoints", { ...args, ...changes }, options));

describe("EndpointConfig", () => {
  it("tells in each region where the database answers, and how to log in", async () => {
    const made = await make();
    expect(made.resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "kubernetes:core/v1:ConfigMap db-endpoints-lisbon-config",
      "kubernetes:core/v1:ConfigMap db-endpoints-rome-config",
      "kubernetes:core/v1:Secret db-endpoints-lisbon-secret",
      "kubernetes:core/v1:Secret db-endpoints-rome-secret",
      "multi-region-postgres:index:EndpointConfig db-endpoints",
      "pulumi-nodejs:dynamic/multi-region-postgres:AppObjects db-endpoints-objects",
      "pulumi:providers:kubernetes db-endpoints-lisbon",
      "pulumi:providers:kubernetes db-endpoints-rome",
    ]);
    const places = (reader: string) => ({
      "writer-host": hostOf("rome"),
      "writer-port": String(endpointOf("rome").port),
      "reader-host": hostOf(reader),
      "reader-port": String(endpointOf(reader).port),
      "ca.crt": "the authority",
    });
    const metadata = { name: "db-endpoints", namespace: "shop" };
    expect(named(made, "db-endpoints-lisbon-config").inputs).toMatchObject({
      metadata,
      data: places("lisbon"),
    });
    expect(named(made, "db-endpoints-rome-config").inputs.data).toEqual({
      ...places("rome"),
      "pooler-host": hostOf("rome"),
      "pooler-port": "30433",
    });
    expect(named(made, "db-endpoints-lisbon-secret").inputs).toMatchObject({
      metadata,
      stringData: {
        "connection-uri": await valueOf(topology.connectionUri),
        "read-only-uri": await valueOf(topology.readOnlyUris["lisbon"]!),
        "pooled-uri": "postgresql://through",
      },
    });
  });

  it("contacts nothing of a lost region", async () => {
    const made = await make({ lost: ["lisbon"] });
    expect(named(made, "db-endpoints-lisbon-config").options.ignoreChanges).toEqual(["*"]);
    expect(named(made, "db-endpoints-lisbon").inputs.kubeconfig).toContain("127.0.0.1:1");
    expect(named(made, "db-endpoints-rome-config").options.ignoreChanges).toBeUndefined();
  });

  it.each<[string, object, ...string[]]>([
    [
      "no topology",
      { topology: undefined },
      "topology: is missing: must be a topology, such as a CnpgPostgres",
    ],
    [
      "regions that the database has not, and wrong ones",
      {
        regions: {
          oslo: { kubeconfig: "oslo's", namespace: "shop" },
          rome: { kubeconfig: "", namespace: "My_shop", contxt: "a" },
        },
      },
      'regions.oslo: must be one of the database\'s regions, dublin, lisbon, rome, not "oslo"',
      "regions.rome.kubeconfig: must be a kubeconfig: its text or the path of a file, not an empty text",
      'regions.rome.namespace: must be a namespace: 1 to 63 lower-case letters, digits and hyphens, none of these first or last, not "My_shop"',
      'regions.rome.contxt: unknown property, did you mean "context"?',
    ],
    ["a lost region that is none", { lost: ["oslo"] }, 'lost[0]: must be one of rome, lisbon, not "oslo"'],
  ])("refuses %s", async (_title, changes, ...lines) => {
    const refused = await make(changes).catch((error: Error) => error.message);
    expect(
      String(refused)
        .split("\n")
        .slice(1)
        .map((line) => line.trim())
        .sort(),
    ).toEqual([...lines].sort());
  });
});
