import { decidedOnceFailures } from "../../../src/cnpg/rules/decided-once";

describe("what was decided once", () => {
  const first = { namespace: "db", database: "app", owner: "app", origin: "import" } as const;

  it("is let through as it was", () => {
    expect(decidedOnceFailures(first, { ...first })).toEqual([]);
  });

  it("is refused by name where it has changed, all of it at once", () => {
    const now = { namespace: "other", database: "shop", owner: "app", origin: "nothing" } as const;
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
});
