// @ts-check

/** @param {any} value */
const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * What an object is now in the places where its inputs say what it should be.
 * @param {any} live
 * @param {any} inputs
 * @returns {any}
 */
export function pruned(live, inputs) {
  if (isMap(live) && isMap(inputs)) {
    const common = Object.entries(live).filter(([key]) => Object.hasOwn(inputs, key));
    return Object.fromEntries(common.map(([key, value]) => [key, pruned(value, inputs[key])]));
  }
  if (Array.isArray(live) && Array.isArray(inputs)) {
    if (live.length > 0 && inputs.length > 0 && typeof live[0] !== typeof inputs[0]) {
      return live;
    }
    return live.slice(0, inputs.length).map((value, index) => pruned(value, inputs[index]));
  }
  return live;
}
