import { databaseSpec } from "../../../src/cnpg/manifests/database-spec";
import { planTopology } from "../../../src/cnpg/plan";

describe("a managed database", () => {
  const plan = planTopology("db", {
    primary: "rome",
    regions: {
      rome: { kubeconfig: "rome.yaml", host: "rome.example.com" },
      lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
    },
    database: { name: "shop", owner: "keeper" },
  });
  const [lisbon, rome] = plan.regions;

  it("belongs to the application's owner and is kept, unless told otherwise", () => {
    expect(databaseSpec(plan, rome!, "reports", {})).toEqual({
      cluster: { name: "db-rome" },
      name: "reports",
      owner: "keeper",
      ensure: "present",
      databaseReclaimPolicy: "retain",
      schemas: [],
      extensions: [],
    });
  });

  it("has its schemas and, in the order given, its extensions", () => {
    const wishes = {
      owner: "clerk",
      schemas: { daily: { owner: "clerk" }, plain: {} },
      extensions: { earthdistance: {}, cube: { version: "1.5", schema: "daily" } },
    };
    expect(databaseSpec(plan, rome!, "reports", wishes)).toMatchObject({
      owner: "clerk",
      schemas: [
        { name: "daily", ensure: "present", owner: "clerk" },
        { name: "plain", ensure: "present" },
      ],
      extensions: [
        { name: "earthdistance", ensure: "present" },
        { name: "cube", ensure: "present", version: "1.5", schema: "daily" },
      ],
    });
  });

  it("is the same in every region, but for whose it is", () => {
    const [one, other] = [rome!, lisbon!].map((region) => databaseSpec(plan, region, "reports", {}));
    expect({ ...other, cluster: one!.cluster }).toEqual(one);
  });
});
