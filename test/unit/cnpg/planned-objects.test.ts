import { CnpgPostgres, type CnpgPostgresArgs } from "../../../src/cnpg";
import { planTopology } from "../../../src/cnpg/plan";
import { plannedObjects } from "../../../src/cnpg/planned-objects";
import { objectText, type PlannedObject } from "../../../src/kubernetes/objects";
import { manifestsOf } from "../../support/manifests";

const least: CnpgPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { kubeconfig: "rome's", host: "rome.example.com" },
    lisbon: { kubeconfig: "lisbon's", host: "lisbon.example.com" },
  },
};

/** Variants of a topology that, taken together, create every kind of object. */
const variants: [string, Partial<CnpgPostgresArgs>][] = [
  ["with nothing beside the database", {}],
  ["in a namespace of the user's", { createNamespace: false, namespace: "shop" }],
  [
    "with roles, databases and secrets",
    {
      roles: { clerk_one: {}, group: { login: false } },
      databases: { orders: {} },
      sharedSecrets: { "api-key": { key: "value" } },
    },
  ],
  [
    "with poolers, one of them reached from outside",
    { defaults: { instances: 2, poolers: { readWrite: { port: 30433 }, readOnly: {} } } },
  ],
  [
    "with monitors",
    { defaults: { monitoring: { podMonitor: true }, inheritedMetadata: { labels: { a: "b" } } } },
  ],
  ["with the operator's certificates", { certificates: "operator" }],
];

describe("the objects that a topology plans", () => {
  it.each(variants)("are those that it creates, %s", async (_, changes) => {
    const args = { ...least, ...changes };
    const created = await manifestsOf(() => new CnpgPostgres("db", args));
    const planned = plannedObjects(planTopology("db", args), args);
    expect(planned.flatMap(({ objects }) => (objects as PlannedObject[]).map(objectText)).sort()).toEqual(
      created.map(textOf).sort(),
    );
    for (const { metadata } of created) {
      expect(metadata).toMatchObject({
        annotations: { "multi-region-postgres/owner-1": "the component" },
      });
    }
  });

  it("name an operator by what a destruction would take from others", () => {
    const args = { ...least, operator: { manifest: "cnpg.yaml" } };
    const [{ objects } = { objects: [] }] = plannedObjects(planTopology("db", args), args);
    expect((objects as PlannedObject[]).map(objectText)).toEqual(
      expect.arrayContaining([
        "v1 Namespace cnpg-system",
        "apiextensions.k8s.io/v1 CustomResourceDefinition clusters.postgresql.cnpg.io",
      ]),
    );
  });
});

function textOf({ apiVersion, kind, metadata }: Record<string, unknown>): string {
  const { name, namespace } = metadata as { name: string; namespace?: string };
  return objectText({
    apiVersion: String(apiVersion),
    kind: String(kind),
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
}
