import * as fc from "fast-check";
import type { CnpgPostgresArgs, CnpgRegionArgs } from "../../../src/cnpg/args";
import { regionNames } from "../local/arbitraries";

const regions: fc.Arbitrary<CnpgRegionArgs> = fc
  .record({
    hibernated: fc.boolean(),
    port: fc.integer({ min: 1, max: 65_535 }),
    instances: fc.integer({ min: 1, max: 5 }),
  })
  .map((settings) => ({ kubeconfig: "region.yaml", host: "region.example.com", ...settings }));

/** Topologies of one to six regions, of which the primary is neither lost nor hibernated. */
export const topologies: fc.Arbitrary<CnpgPostgresArgs> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(regionNames, regions), {
      minLength: 1,
      maxLength: 6,
      selector: ([name]) => name,
    }),
    fc.constantFrom("local" as const, "region" as const),
  )
  .chain(([[first, ...others], durability]) => {
    const [primary, region] = first!;
    const names = others.map(([name]) => name);
    return fc.subarray(names).map((lost) => ({
      primary,
      regions: Object.fromEntries([[primary, { ...region, hibernated: false }], ...others]),
      lost,
      durability,
    }));
  });
