import { at, isRecord, mismatch, notList, shown, type Failure, type Unknowns } from "../rules";

/** The regions of what ought to be a topology. */
export function regionsOf(topology: unknown): Unknowns | undefined {
  const regions: unknown =
    typeof topology === "object" && topology !== null ? Reflect.get(topology, "regions") : undefined;
  return isRecord(regions) ? regions : undefined;
}

export function* notTopology(propertyPath: string, topology: unknown): Generator<Failure> {
  if (regionsOf(topology) === undefined) {
    const reason = `must be a topology, such as an AuroraPostgres, not ${shown(topology)}`;
    yield { propertyPath, reason };
  }
}

/** @param names The regions that there are. */
export function* lostFailures(lost: unknown, names: readonly string[]): Generator<Failure> {
  yield* notList("lost", lost, "regions' names");
  for (const [index, name] of Array.isArray(lost) ? lost.entries() : []) {
    const isRegion = (value: unknown) => names.includes(value as string);
    yield* mismatch(at("lost", index), name ?? null, isRegion, `one of ${names.join(", ")}`);
  }
}
