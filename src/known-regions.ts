/**
 * What a component gives for each region. Asked for a region that it does not have, it names those that it has, where a
 * plain object would say undefined, and the program fail somewhere else.
 *
 * @param component The component, as errors name it.
 */
export function knownRegions<Name extends string, Given>(
  component: string,
  regions: Readonly<Record<string, Given>>,
): Readonly<Record<Name, Given>> {
  const known: ProxyHandler<Readonly<Record<string, Given>>> = {
    get(target, key, receiver): unknown {
      if (typeof key === "string" && !(key in target) && couldBeRegion(key)) {
        throw new Error(
          `${component} has no region ${key}: there are ${Object.keys(target).sort().join(", ")}`,
        );
      }
      return Reflect.get(target, key, receiver);
    },
  };
  return new Proxy(regions, known);
}

/** Programs that look at any object ask it for more, above all whether it is a promise. */
function couldBeRegion(key: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(key) && key !== "then";
}
