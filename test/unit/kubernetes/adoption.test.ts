import { checkAdoption, type LiveObject, type ReadObject } from "../../../src/kubernetes/adoption";
import { newObjects, objectText, parseObject, type ObjectsInputs } from "../../../src/kubernetes/objects";

const access = (region: string) => ({ region, kubeconfig: `${region}'s`, context: "" });
const namespace = "v1 Namespace shop";
const service = "v1 Service shop/db-external";

const inputs = (objects: Record<string, string[]>, lost: string[] = []): ObjectsInputs => ({
  objects,
  clusters: Object.fromEntries(
    Object.keys(objects)
      .filter((region) => !lost.includes(region))
      .map((region) => [region, access(region)]),
  ),
});

/** A reader of clusters that have these objects, and what it was asked for. */
function clusterWith(present: Record<string, LiveObject>): { read: ReadObject; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    read: async ({ region }, object) => {
      asked.push(`${region}: ${objectText(object)}`);
      return present[`${region}: ${objectText(object)}`];
    },
  };
}

const live: LiveObject = { metadata: { managedFields: [{ manager: "kubectl-create" }] } };

describe("an object that is about to be created", () => {
  it("has a text that gives the object again", () => {
    for (const text of [namespace, service, "postgresql.cnpg.io/v1 Cluster shop/db-rome"]) {
      expect(objectText(parseObject(text))).toBe(text);
    }
  });

  it("is refused where somebody else has one, region by region, with a way on", async () => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: live, [`lisbon: ${service}`]: live });
    const news = inputs({ rome: [namespace, service], lisbon: [namespace, service] });
    const { failures } = await checkAdoption({}, news, undefined, read);
    expect(failures).toEqual([
      {
        property: "regions.rome",
        reason:
          'rome has a Namespace "shop" already, which this component did not create: ' +
          "give another namespace, or createNamespace: false to use this one",
      },
      {
        property: "regions.lisbon",
        reason:
          'lisbon has a Service "db-external" in the namespace shop already, which this component did not create: ' +
          "give the component another name or another namespace",
      },
    ]);
  });

  it("is not looked at again once an update has had it", async () => {
    const { read, asked } = clusterWith({ [`rome: ${namespace}`]: live });
    const olds = inputs({ rome: [namespace] });
    const { failures } = await checkAdoption(olds, inputs({ rome: [namespace, service] }), undefined, read);
    expect(failures).toEqual([]);
    expect(asked).toEqual([`rome: ${service}`]);
  });

  it("is not looked for in a lost region, and is new when that region comes back", async () => {
    const { read, asked } = clusterWith({ [`rome: ${service}`]: live });
    const olds = inputs({ rome: [namespace] });
    const lost = await checkAdoption(olds, inputs({ rome: [namespace, service] }, ["rome"]), undefined, read);
    expect(lost).toEqual({ failures: [], objects: { rome: [namespace] } });
    expect(asked).toEqual([]);
    const news = inputs({ rome: [namespace, service] });
    expect((await checkAdoption(lost, news, undefined, read)).failures).toHaveLength(1);
  });

  it("is adopted where it counts as the component's own", async () => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: live });
    expect((await checkAdoption({}, inputs({ rome: [namespace] }), () => true, read)).failures).toEqual([]);
  });

  it("is not looked for where the cluster or the namespace is yet to come", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as unknown as string[];
    expect(newObjects({}, inputs({ rome: unknown }))).toEqual({ rome: [] });
  });

  it("is refused in a region that cannot be asked, in its API's words", async () => {
    const read: ReadObject = async () => {
      throw new Error("rome: its Kubernetes API cannot be asked: no route to host");
    };
    const { failures } = await checkAdoption({}, inputs({ rome: [namespace, service] }), undefined, read);
    expect(failures).toEqual([
      { property: "regions.rome", reason: "rome: its Kubernetes API cannot be asked: no route to host" },
    ]);
  });
});
