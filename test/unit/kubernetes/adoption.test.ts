import { checkAdoption, type ReadObject } from "../../../src/kubernetes/adoption";
import { newObjects, objectText, parseObject, type ObjectsInputs } from "../../../src/kubernetes/objects";
import { ownerAnnotation, type LiveObject } from "../../../src/kubernetes/owner";

const access = (region: string) => ({ region, kubeconfig: `${region}'s`, context: "" });
const namespace = "v1 Namespace shop";
const service = "v1 Service shop/db-external";

const urn = (stack: string) =>
  `urn:pulumi:${stack}::shops::my:Outer$multi-region-postgres:index:RegionalApp::shop`;

const inputs = (objects: Record<string, string[]>, lost: string[] = []): ObjectsInputs => ({
  objects,
  component: urn("prod"),
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

const createdBy = (manager: string): LiveObject => ({ metadata: { managedFields: [{ manager }] } });
const ownedBy = (stack: string): LiveObject => ({
  metadata: {
    ...createdBy("pulumi-kubernetes").metadata,
    annotations: ownerAnnotation(`${urn(stack)}#${stack}1`),
  },
});
const live = createdBy("kubectl-create");
const pulumis = ["pulumi-kubernetes", "pulumi-kubernetes-1a2b3c4d", "multi-region-postgres"];

describe("an object that is about to be created", () => {
  it("has a text that gives the object again", () => {
    for (const text of [namespace, service, "postgresql.cnpg.io/v1 Cluster shop/db-rome"]) {
      expect(objectText(parseObject(text))).toBe(text);
    }
  });

  it("is refused where somebody else has one, region by region, with a way on", async () => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: live, [`lisbon: ${service}`]: live });
    const news = inputs({ rome: [namespace, service], lisbon: [namespace, service] });
    const { failures } = await checkAdoption({}, news, false, read);
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
    const { failures } = await checkAdoption(olds, inputs({ rome: [namespace, service] }), false, read);
    expect(failures).toEqual([]);
    expect(asked).toEqual([`rome: ${service}`]);
  });

  it("is not looked for in a lost region, and is new when that region comes back", async () => {
    const { read, asked } = clusterWith({ [`rome: ${service}`]: live });
    const olds = inputs({ rome: [namespace] });
    const lost = await checkAdoption(olds, inputs({ rome: [namespace, service] }, ["rome"]), false, read);
    expect(lost).toMatchObject({ failures: [], objects: { rome: [namespace] } });
    expect(asked).toEqual([]);
    const news = inputs({ rome: [namespace, service] });
    expect((await checkAdoption(lost, news, false, read)).failures).toHaveLength(1);
  });

  it("is refused where another stack's component has it, with that component's name", async () => {
    const { read } = clusterWith({ [`rome: ${service}`]: ownedBy("test") });
    const { failures } = await checkAdoption({}, inputs({ rome: [namespace, service] }), false, read);
    expect(failures.map(({ reason }) => reason)).toEqual([
      'rome has a Service "db-external" in the namespace shop already, and it belongs to the RegionalApp "shop" of ' +
        "a stack test of the project shops: give the component another name or another namespace",
    ]);
  });

  it("is adopted where it names this component: a killed update or a lost region that was removed left it", async () => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: ownedBy("prod") });
    const olds = { objects: {}, objectOwner: `${urn("prod")}#prod1` };
    expect((await checkAdoption(olds, inputs({ rome: [namespace] }), false, read)).failures).toEqual([]);
    // A state that was begun again knows nothing of it.
    expect((await checkAdoption({}, inputs({ rome: [namespace] }), false, read)).failures).toHaveLength(1);
  });

  it("names an owner that stays the same, and that another state of a stack of that name does not have", async () => {
    const { read } = clusterWith({});
    const [first, second] = [
      await checkAdoption({}, inputs({}), false, read),
      await checkAdoption({}, inputs({}), false, read),
    ];
    expect(first.objectOwner).toContain(urn("prod"));
    expect(second.objectOwner).not.toBe(first.objectOwner);
    expect((await checkAdoption(first, inputs({}), false, read)).objectOwner).toBe(first.objectOwner);
  });

  it("is adopted where it names two owners, and this component is one of them", async () => {
    const metadata = { annotations: { ...ownerAnnotation("another#2"), ...ownerAnnotation("this one#1") } };
    const { read } = clusterWith({ [`rome: ${namespace}`]: { metadata } });
    const olds = { objects: {}, objectOwner: "this one#1" };
    expect((await checkAdoption(olds, inputs({ rome: [namespace] }), false, read)).failures).toEqual([]);
  });

  it.each(pulumis)("is refused where %s created it and it names no owner", async (manager) => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: createdBy(manager) });
    const { failures } = await checkAdoption({}, inputs({ rome: [namespace] }), false, read);
    expect(failures).toHaveLength(1);
  });

  it("is not looked for where the cluster or the namespace is yet to come", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as unknown as string[];
    expect(newObjects({}, inputs({ rome: unknown }))).toEqual({ rome: [] });
  });

  it("is refused in a region that cannot be asked, in its API's words", async () => {
    const read: ReadObject = async () => {
      throw new Error("rome: its Kubernetes API cannot be asked: no route to host");
    };
    const { failures } = await checkAdoption({}, inputs({ rome: [namespace, service] }), false, read);
    expect(failures).toEqual([
      { property: "regions.rome", reason: "rome: its Kubernetes API cannot be asked: no route to host" },
    ]);
  });
});

describe("an object of a component whose state has no list of objects", () => {
  const news = inputs({ rome: [namespace] });
  const check = (found: LiveObject) =>
    checkAdoption({}, news, true, clusterWith({ [`rome: ${namespace}`]: found }).read);

  it.each(pulumis)("is the component's own where %s created it and it names no owner", async (manager) => {
    expect((await check(createdBy(manager))).failures).toEqual([]);
  });

  it.each([
    ["an object that another tool created", live],
    ["an object of another stack's component", ownedBy("test")],
  ])("is not the component's own where it is %s", async (_what, found) => {
    expect((await check(found)).failures).toHaveLength(1);
  });

  it("is the component's own in a region that is lost in that update, and comes back later", async () => {
    const { read } = clusterWith({ [`rome: ${namespace}`]: createdBy("pulumi-kubernetes") });
    const olds = await checkAdoption({}, inputs({ rome: [namespace] }, ["rome"]), true, read);
    expect((await checkAdoption(olds, news, false, read)).failures).toEqual([]);
  });
});
