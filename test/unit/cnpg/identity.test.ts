import { identityFailures, remembered } from "../../../src/cnpg/identity";

const known = {
  rome: { kubernetes: "uid-rome", database: "7001" },
  lisbon: { kubernetes: "uid-lisbon", database: "7001" },
};
const found = {
  rome: { ...known.rome, hasCluster: true },
  lisbon: { ...known.lisbon, hasCluster: true },
};
const names = Object.keys(known);

/** Where each failure is, and what it says. */
function failures(...[those, before, now]: Parameters<typeof identityFailures>): string[] {
  return identityFailures(those, before, now).map(({ property, reason }) => `${property} ${reason}`);
}

describe("the identity of regions", () => {
  it("is accepted where it is the same as before, and where nothing is known yet", () => {
    expect(failures(names, known, found)).toEqual([]);
    expect(failures(names, {}, found)).toEqual([]);
    expect(failures(names, {}, {})).toEqual([]);
  });

  it("is refused where two kubeconfigs have been swapped, with the region that each leads to", () => {
    const swapped = {
      rome: { kubernetes: "uid-lisbon", hasCluster: false },
      lisbon: { kubernetes: "uid-rome", hasCluster: false },
    };
    const told = failures(names, known, swapped);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^regions.rome.kubeconfig leads to the Kubernetes cluster of lisbon/);
    expect(told[1]).toMatch(/^regions.lisbon.kubeconfig leads to the Kubernetes cluster of rome/);
    expect(told.join()).not.toContain("refresh");
  });

  it("is refused where one kubeconfig leads to a cluster that nobody knows, even with a Cluster of that name", () => {
    const other = { ...found, rome: { kubernetes: "uid-other", database: "7002", hasCluster: true } };
    expect(failures(names, known, other)).toEqual([
      expect.stringMatching(
        /^regions.rome.kubeconfig leads to another Kubernetes cluster, uid-other: .*uid-rome/,
      ),
    ]);
  });

  it("is refused where two regions are one Kubernetes cluster, on the first day too", () => {
    const one = { rome: found.rome, lisbon: { kubernetes: "uid-rome", hasCluster: false } };
    expect(failures(names, {}, one)).toEqual([
      expect.stringMatching(
        /^regions.lisbon.kubeconfig leads to the same Kubernetes cluster as that of rome/,
      ),
    ]);
  });

  it("is refused where regions hold different databases, on the first day too", () => {
    const other = { ...found, lisbon: { ...found.lisbon, database: "7002" } };
    for (const before of [known, {}, { rome: { kubernetes: "uid-rome" }, lisbon: {} }]) {
      expect(failures(names, before, other)).toEqual([
        expect.stringMatching(/^regions.lisbon holds another database than (before|rome): .*7002, not 7001/),
      ]);
    }
  });

  it("is refused where no region has its Cluster any more, and refresh is not recommended", () => {
    const gone = {
      rome: { kubernetes: "uid-rome", hasCluster: false },
      lisbon: { kubernetes: "uid-lisbon", hasCluster: false },
    };
    const told = failures(names, known, gone);
    expect(told).toEqual([expect.stringMatching(/^regions have no Cluster any more .*7001/)]);
    expect(told[0]).not.toContain("refresh");
    expect(failures(names, {}, gone)).toEqual([]);
    expect(failures(names, known, { rome: gone.rome })).toEqual([]);
    expect(failures(names, known, { ...found, rome: gone.rome })).toEqual([]);
  });

  it("is kept of regions that cannot be looked at, and forgotten of regions that are taken out", () => {
    const now = { rome: { kubernetes: "uid-rome", database: "7001" } };
    expect(remembered(["rome", "lisbon"], { lisbon: known.lisbon, dublin: known.rome }, now)).toEqual(known);
    expect(remembered(["rome"], {}, {})).toEqual({});
  });
});
