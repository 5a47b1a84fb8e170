import { checkObjects } from "../../../../src/app/provider/objects";
import type { LiveObject, ReadObject } from "../../../../src/kubernetes/adoption";
import type { ObjectsInputs } from "../../../../src/kubernetes/objects";

const planned = ["v1 Namespace shop", "v1 Service shop/shop"];
const access = (region: string) => ({ region, kubeconfig: `${region}'s`, context: "" });
const inputs = (...reachable: string[]): ObjectsInputs => ({
  objects: { rome: planned, lisbon: planned },
  clusters: Object.fromEntries(reachable.map((region) => [region, access(region)])),
});
const createdBy =
  (manager: string): ReadObject =>
  async () =>
    ({ metadata: { managedFields: [{ manager }] } }) satisfies LiveObject;

describe("the objects of an application whose state has no list of them", () => {
  it.each(["pulumi-kubernetes", "pulumi-kubernetes-1a2b3c4d", "multi-region-postgres"])(
    "are its own where %s created them",
    async (manager) => {
      expect(await checkObjects({}, inputs("rome", "lisbon"), createdBy(manager))).toEqual({
        objects: { rome: planned, lisbon: planned },
        failures: [],
      });
    },
  );

  it("are refused where somebody else created them", async () => {
    const { failures } = await checkObjects({}, inputs("rome", "lisbon"), createdBy("kubectl-create"));
    expect(failures.map(({ property }) => property)).toEqual([
      ...["regions.rome", "regions.rome"],
      ...["regions.lisbon", "regions.lisbon"],
    ]);
  });

  it("are its own in a region that is lost in that update, and comes back later", async () => {
    const read = createdBy("pulumi-kubernetes");
    const { objects } = await checkObjects({}, inputs("rome"), read);
    expect((await checkObjects({ objects }, inputs("rome", "lisbon"), read)).failures).toEqual([]);
  });
});

describe("the objects of an application whose state has a list of them", () => {
  it("are refused in a region that is added, whatever created them", async () => {
    const read = createdBy("pulumi-kubernetes");
    const { failures } = await checkObjects({ objects: { rome: planned } }, inputs("rome", "lisbon"), read);
    expect(failures).toHaveLength(planned.length);
  });
});
