import { decidedOnceFailures } from "../../../src/cnpg/rules/decided-once";

describe("what was decided once", () => {
  const first = {
    primary: "rome",
    namespace: "db",
    database: "app",
    owner: "app",
    origin: "import",
  } as const;

  it("is let through as it was", () => {
    expect(decidedOnceFailures(first, { ...first })).toEqual([]);
  });

  it("is refused by name where it has changed, all of it at once", () => {
    const now = {
      primary: "lisbon",
      namespace: "other",
      database: "shop",
      owner: "app",
      origin: "nothing",
    } as const;
    expect(decidedOnceFailures(first, now)).toEqual([
      {
        property: "namespace",
        reason: 'must stay "db", since another one would be another database, not "other"',
      },
      {
        property: "database",
        reason: 'must stay "app", since another one would be another database, not "shop"',
      },
      {
        property: "origin",
        reason: 'must stay "import", since another one would be another database, not "nothing"',
      },
    ]);
  });

  it("is how the data directory was made, given later or changed", () => {
    const [made, other] = [
      { ...first, initdb: "encoding UTF8" },
      { ...first, initdb: "encoding LATIN1" },
    ];
    const stays = "since another one would be another database, not";
    expect([...decidedOnceFailures(first, made), ...decidedOnceFailures(made, other)]).toEqual([
      { property: "initdb", reason: `must stay absent, ${stays} "encoding UTF8"` },
      { property: "initdb", reason: `must stay "encoding UTF8", ${stays} "encoding LATIN1"` },
    ]);
  });

  it("is a writer outside, which regions with data of their own cannot follow", () => {
    const outside = { ...first, primary: "" };
    expect([...decidedOnceFailures(outside, outside), ...decidedOnceFailures(outside, first)]).toEqual([]);
    expect(decidedOnceFailures(first, outside)).toEqual([
      {
        property: "primary",
        reason:
          "founded the topology in rome: externalWriter is given from the first day or never, since what the " +
          "regions wrote themselves would be lost",
      },
    ]);
  });
});
