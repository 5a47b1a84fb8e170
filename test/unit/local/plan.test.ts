import * as fc from "fast-check";
import type { LocalPostgresArgs, LocalRegionArgs } from "../../../src/local/args";
import { planTopology, type LocalRegionPlan } from "../../../src/local/plan";
import { regionNames } from "./arbitraries";

const args: LocalPostgresArgs = {
  primary: "rome",
  regions: {
    rome: { port: 5501 },
    dublin: { port: 5502, host: "127.0.0.1" },
    oslo: { port: 5503, hibernated: true },
    bern: { port: 5504 },
    lisbon: { port: 5505 },
  },
  lost: ["bern"],
};

const plan = planTopology(args, "/data");
const names = (regions: readonly LocalRegionPlan[]) => regions.map(({ region }) => region);
const regionIn = (given: LocalPostgresArgs, name: string) =>
  planTopology(given, "/data").regions.find(({ region }) => region === name)!;

describe("the plan of a topology", () => {
  it("is of every region, in the order of their names", () => {
    expect(names(plan.regions)).toEqual(["bern", "dublin", "lisbon", "oslo", "rome"]);
  });

  it("says all there is to say of a region", () => {
    expect(plan.regions).toEqual([
      {
        region: "bern",
        role: "reader",
        activity: "lost",
        folder: "/data/bern",
        host: "localhost",
        port: 5504,
        peers: ["dublin", "lisbon", "rome"],
      },
      {
        region: "dublin",
        role: "reader",
        activity: "active",
        folder: "/data/dublin",
        host: "127.0.0.1",
        port: 5502,
        peers: ["lisbon", "rome"],
      },
      {
        region: "lisbon",
        role: "reader",
        activity: "active",
        folder: "/data/lisbon",
        host: "localhost",
        port: 5505,
        peers: ["dublin", "rome"],
      },
      {
        region: "oslo",
        role: "reader",
        activity: "hibernated",
        folder: "/data/oslo",
        host: "localhost",
        port: 5503,
        peers: ["dublin", "lisbon", "rome"],
      },
      {
        region: "rome",
        role: "writer",
        activity: "active",
        folder: "/data/rome",
        host: "localhost",
        port: 5501,
        peers: ["dublin", "lisbon"],
      },
    ]);
  });

  it("has one writer, the primary, and readers besides", () => {
    expect(plan.primary).toMatchObject({ region: "rome", role: "writer" });
    expect(names(plan.readers)).toEqual(["bern", "dublin", "lisbon", "oslo"]);
  });

  it("keeps the log for the hibernated, and not for the lost", () => {
    expect(plan.followers).toEqual(["dublin", "lisbon", "oslo"]);
  });

  it("sends clients to the writer first, and last to the lost, which may come back as writers", () => {
    expect(names(plan.byPreference)).toEqual(["rome", "dublin", "lisbon", "oslo", "bern"]);
  });

  it("takes a region for lost that is hibernated as well", () => {
    expect(regionIn({ ...args, lost: ["oslo"] }, "oslo").activity).toBe("lost");
  });

  it("has defaults", () => {
    expect(plan).toMatchObject({ durability: "local", database: "app", owner: "app" });
  });

  it("names the owner by the database unless told otherwise", () => {
    const of = (given: Partial<LocalPostgresArgs>) => planTopology({ ...args, ...given }, "/data");
    expect(of({ database: { name: "shop" } })).toMatchObject({ database: "shop", owner: "shop" });
    expect(of({ database: { owner: "keeper" } })).toMatchObject({ database: "app", owner: "keeper" });
    expect(of({ durability: "region" }).durability).toBe("region");
  });

  it("does not depend on the order in which regions and lost ones are written down", () => {
    const shuffled = topologies.chain((given) =>
      fc
        .tuple(permutationOf(Object.entries(given.regions)), permutationOf(given.lost ?? []))
        .map(([regions, lost]) => [given, { ...given, regions: Object.fromEntries(regions), lost }] as const),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) =>
        expect(planTopology(other, "/data")).toEqual(planTopology(given, "/data")),
      ),
    );
  });

  it("has every region once in the order of preference, the writer first and the lost last", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const { byPreference, regions } = planTopology(given, "/data");
        expect(names(byPreference).sort()).toEqual(names(regions));
        expect(byPreference[0]!.region).toBe(given.primary);
        const lost = byPreference.map(({ activity }) => activity === "lost");
        expect([...lost].sort()).toEqual(lost);
      }),
    );
  });

  it("counts on no region to acknowledge a commit but on active others", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const { regions } = planTopology(given, "/data");
        const active = names(regions.filter(({ activity }) => activity === "active"));
        for (const { region, peers } of regions) {
          expect(peers).toEqual(active.filter((name) => name !== region));
        }
      }),
    );
  });

  it("is the same for every other region when one is added, but for who acknowledges", () => {
    const added = topologies.chain((given) =>
      fc
        .tuple(regionNames, fc.boolean())
        .filter(([name]) => !Object.hasOwn(given.regions, name))
        .map(([name, hibernated]) => ({
          given,
          name,
          more: { ...given, regions: { ...given.regions, [name]: { port: 1024, hibernated } } },
        })),
    );
    fc.assert(
      fc.property(added, ({ given, name, more }) => {
        const others = planTopology(more, "/data").regions.filter(({ region }) => region !== name);
        expect(others.map(withoutPeers)).toEqual(planTopology(given, "/data").regions.map(withoutPeers));
      }),
    );
  });

  it("gives every region the same place, whichever writes", () => {
    fc.assert(
      fc.property(topologies, (given) => {
        const moved = planTopology({ ...given, primary: Object.keys(given.regions).at(-1)! }, "/data");
        const place = ({ region, folder, host, port, peers }: LocalRegionPlan) => ({
          region,
          folder,
          host,
          port,
          peers,
        });
        expect(moved.regions.map(place)).toEqual(planTopology(given, "/data").regions.map(place));
      }),
    );
  });
});

const topologies: fc.Arbitrary<LocalPostgresArgs> = fc
  .uniqueArray(regionNames, { minLength: 1, maxLength: 6 })
  .chain((regions) => {
    const [primary, ...others] = regions as [string, ...string[]];
    const settings = fc.record({
      port: fc.integer({ min: 1024, max: 65_535 }),
      hibernated: fc.boolean(),
    });
    return fc.tuple(fc.tuple(...others.map(() => settings)), fc.subarray(others)).map(([readers, lost]) => ({
      primary,
      regions: Object.fromEntries([
        [primary, { port: 1024 }],
        ...others.map((name, index): [string, LocalRegionArgs] => [name, readers[index]!]),
      ]),
      lost,
    }));
  });

function permutationOf<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

function withoutPeers({ peers, ...rest }: LocalRegionPlan): Omit<LocalRegionPlan, "peers"> {
  expect(peers).not.toContain(rest.region);
  return rest;
}
