/**
 * Regions by name, as the inputs of resources have them: a diff tells which came and which went, where it would compare
 * lists position by position.
 */
export type RegionSet = Readonly<Record<string, true>>;

export function regionSet(names: readonly string[]): RegionSet {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** The names, sorted: the engine keeps no order. A state of version 0.1.0 has lists. */
export function namesOf(regions: RegionSet | readonly string[]): string[] {
  return (Array.isArray(regions) ? [...(regions as readonly string[])] : Object.keys(regions)).sort();
}
