// @ts-check

/** @typedef {import("./property-path.mjs").Path} Path */

const FACTORS = /** @type {Record<string, number>} */ ({
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
});

/** The fields of Kubernetes' own kinds that hold quantities. */
const HOLDERS = new Set([
  "averageValue",
  "capacity",
  "default",
  "defaultRequest",
  "hard",
  "limits",
  "max",
  "min",
  "overhead",
  "requests",
  "sizeLimit",
]);

/**
 * Whether two values are the same amount, which the API server writes in one way only.
 * @param {any} one
 * @param {any} other
 * @param {Path} path where they are
 */
export function sameQuantity(one, other, path) {
  if (!path.slice(-2).some((part) => HOLDERS.has(String(part)))) {
    return false;
  }
  const [amount, otherAmount] = [one, other].map(amountOf);
  return amount !== undefined && amount === otherAmount;
}

/** @param {any} value */
function amountOf(value) {
  const [, digits, suffix] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  const factor = FACTORS[suffix ?? ""];
  // Rounded, since the factors below one have no exact representation.
  return digits === undefined || factor === undefined
    ? undefined
    : Number((Number(digits) * factor).toPrecision(12));
}
