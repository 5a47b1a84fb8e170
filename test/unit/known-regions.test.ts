import * as pulumi from "@pulumi/pulumi";
import { knownRegions } from "../../src/known-regions";

describe("what a component gives for each region", () => {
  const regions = knownRegions('LocalPostgres "db"', { rome: { port: 1 }, lisbon: { port: 2 } });

  it("names the regions that there are when asked for another", () => {
    expect(() => (regions as Record<string, unknown>)["roma"]).toThrow(
      new Error('LocalPostgres "db" has no region roma: there are lisbon, rome'),
    );
  });

  it("is an object like any other to whoever looks at all of it", async () => {
    expect(regions).toEqual({ rome: { port: 1 }, lisbon: { port: 2 } });
    expect(Object.keys(regions)).toEqual(["rome", "lisbon"]);
    expect("roma" in regions).toBe(false);
    expect(JSON.stringify(regions)).toBe('{"rome":{"port":1},"lisbon":{"port":2}}');
    expect(String(regions)).toBe("[object Object]");
    expect(await Promise.resolve(regions)).toBe(regions);
    const known = await new Promise((resolve) => pulumi.output(regions).apply(resolve));
    expect(known).toEqual({ rome: { port: 1 }, lisbon: { port: 2 } });
  });
});
