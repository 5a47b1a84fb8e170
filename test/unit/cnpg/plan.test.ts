import * as fc from "fast-check";
import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { planTopology, type CnpgRegionPlan } from "../../../src/cnpg/plan";
import { topologies } from "./arbitraries";

const args: CnpgPostgresArgs = {
  primary: "rome",
  regions: {
    rome: {
      kubeconfig: "rome.yaml",
      host: "rome.example.com",
      instances: 3,
      poolers: { readWrite: { port: 30_433 } },
    },
    lisbon: {
      kubeconfig: "lisbon.yaml",
      context: "admin",
      host: "203.0.113.7",
      service: { type: "LoadBalancer", annotations: { name: "lisbon" } },
      storage: { size: "20Gi" },
      logLevel: "debug",
    },
    oslo: { kubeconfig: "oslo.yaml", host: "oslo.example.com", port: 31_000, hibernated: true },
  },
  defaults: { instances: 2, storage: { size: "5Gi", storageClass: "fast" } },
};

const plan = planTopology("db", args);

describe("the plan of a topology of Kubernetes clusters", () => {
  it("says all there is to say of a region", () => {
    expect(plan.regions).toEqual([
      {
        region: "lisbon",
        role: "reader",
        activity: "active",
        peers: ["rome"],
        cluster: "db-lisbon",
        host: "203.0.113.7",
        port: 5432,
        service: { type: "LoadBalancer", annotations: { name: "lisbon" } },
        wishes: { instances: 2, storage: { size: "20Gi" }, logLevel: "debug" },
        poolers: [],
      },
      {
        region: "oslo",
        role: "reader",
        activity: "hibernated",
        peers: ["lisbon", "rome"],
        cluster: "db-oslo",
        host: "oslo.example.com",
        port: 31_000,
        service: { type: "NodePort" },
        wishes: { instances: 2, storage: { size: "5Gi", storageClass: "fast" } },
        poolers: [],
      },
      {
        region: "rome",
        role: "writer",
        activity: "active",
        peers: ["lisbon"],
        cluster: "db-rome",
        host: "rome.example.com",
        port: 30_432,
        service: { type: "NodePort" },
        wishes: {
          instances: 3,
          storage: { size: "5Gi", storageClass: "fast" },
          poolers: { readWrite: { port: 30_433 } },
        },
        poolers: [{ kind: "readWrite", type: "rw", name: "db-rome-pooler-rw", wishes: { port: 30_433 } }],
      },
    ]);
  });

  it("is called like the component, and so is the namespace unless told otherwise", () => {
    expect(plan).toMatchObject({
      name: "db",
      namespace: "db",
      database: "app",
      owner: "app",
      origin: "nothing",
    });
    expect(planTopology("db", { ...args, namespace: "databases" }).namespace).toBe("databases");
  });

  it("takes a wish that is undefined for none, as in plain JavaScript", () => {
    const regions = { ...args.regions, rome: { ...args.regions["rome"], instances: undefined } };
    const given = { ...args, regions } as unknown as CnpgPostgresArgs;
    expect(planTopology("db", given).primary.wishes.instances).toBe(2);
  });

  it("does not depend on the order in which regions and lost ones are written down", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const regions = Object.fromEntries(Object.entries(given.regions).reverse());
        const turned = { ...given, regions, lost: [...(given.lost ?? [])].reverse() };
        expect(planTopology("db", turned)).toEqual(planTopology("db", given));
      }),
    );
  });

  it("gives every region the same place, whichever writes", () => {
    const place = (region: CnpgRegionPlan) => ({ ...region, role: "any" });
    fc.assert(
      fc.property(topologies, (given) => {
        const planned = planTopology("db", given);
        for (const { region } of planned.regions.filter(({ activity }) => activity === "active")) {
          const moved = planTopology("db", { ...given, primary: region });
          expect(moved.regions.map(place)).toEqual(planned.regions.map(place));
        }
      }),
    );
  });
});
