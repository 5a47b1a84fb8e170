// @ts-check
import { randomBytes, randomUUID } from "node:crypto";
import bcrypt from "bcryptjs";
import { randomText, shuffled } from "./password.mjs";
import { petWords } from "./pet.mjs";
import { drawing } from "./seed.mjs";
import { fromTable } from "./table.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 * @typedef {import("./serve.mjs").Failure} Failure
 * @typedef {import("./table.mjs").Input} Input
 */

const BCRYPT_COST = 10;

/** @type {Input} */
const KEEPERS = { type: "map" };
/** @type {Input} */
const ENABLED = { type: "boolean", default: true };
/** @type {Input} */
const MINIMUM = { type: "integer", default: 0 };

/** @type {Record<string, Input>} */
const TEXT_INPUTS = {
  keepers: KEEPERS,
  length: { type: "integer", required: true, min: 1 },
  lower: ENABLED,
  upper: ENABLED,
  number: { type: "boolean" },
  numeric: { type: "boolean" },
  special: ENABLED,
  minLower: MINIMUM,
  minUpper: MINIMUM,
  minNumeric: MINIMUM,
  minSpecial: MINIMUM,
  overrideSpecial: { type: "string" },
};

/**
 * @param {Properties} inputs
 * @returns {Properties} with `number`, the deprecated name of `numeric`, kept equal to it
 */
function alignNumeric(inputs) {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return { ...inputs, numeric, number: inputs.number ?? numeric };
}

/**
 * @param {Properties} inputs
 * @returns {Failure[]}
 */
function validateText(inputs) {
  const { length, minLower, minUpper, minNumeric, minSpecial } = inputs;
  const least = minLower + minUpper + minNumeric + minSpecial;
  if (inputs.numeric !== inputs.number) {
    return [{ property: "number", reason: "number and numeric are both configured with different values" }];
  }
  if (length < least) {
    return [
      {
        property: "length",
        reason: `length must be at least ${least}, the sum of the minimums, got ${length}`,
      },
    ];
  }
  if (!inputs.lower && !inputs.upper && !inputs.numeric && !inputs.special && length > least) {
    return [{ property: "length", reason: "at least one of lower, upper, numeric and special must be true" }];
  }
  return [];
}

/**
 * @param {string} text
 * @returns {Properties} the inputs that the real provider assumes for an imported text
 */
function importedText(text) {
  const defaults = Object.entries(TEXT_INPUTS).filter(([, input]) => input.default !== undefined);
  return alignNumeric({
    ...Object.fromEntries(defaults.map(([key, input]) => [key, input.default])),
    length: Buffer.byteLength(text),
    result: text,
  });
}

const password = fromTable({
  inputs: TEXT_INPUTS,
  outputs: { result: { secret: true }, bcryptHash: { secret: true } },
  schemaVersion: 3,
  plan: alignNumeric,
  validate: validateText,
  create(inputs) {
    const result = randomText(/** @type {any} */ (inputs));
    return { id: "none", result, bcryptHash: bcrypt.hashSync(result, BCRYPT_COST) };
  },
  import(text) {
    return { ...importedText(text), id: "none", bcryptHash: bcrypt.hashSync(text, BCRYPT_COST) };
  },
});

const string = fromTable({
  inputs: TEXT_INPUTS,
  outputs: { result: {} },
  schemaVersion: 3,
  plan: alignNumeric,
  validate: validateText,
  create(inputs) {
    const result = randomText(/** @type {any} */ (inputs));
    return { id: result, result };
  },
  import: (text) => ({ ...importedText(text), id: text }),
});

/**
 * @param {Buffer} bytes
 * @param {string} prefix
 */
function idOutputs(bytes, prefix) {
  const hex = bytes.toString("hex");
  return {
    id: bytes.toString("base64url"),
    b64Url: prefix + bytes.toString("base64url"),
    b64Std: prefix + bytes.toString("base64"),
    hex: prefix + hex,
    dec: prefix + BigInt(`0x${hex}`).toString(),
  };
}

const id = fromTable({
  inputs: {
    keepers: KEEPERS,
    byteLength: { type: "integer", required: true, min: 1 },
    prefix: { type: "string" },
  },
  outputs: { b64Url: {}, b64Std: {}, hex: {}, dec: {} },
  create: ({ byteLength, prefix }) => idOutputs(randomBytes(byteLength), prefix ?? ""),
  import(given) {
    const comma = given.lastIndexOf(",");
    const prefix = given.slice(0, Math.max(comma, 0));
    const bytes = Buffer.from(given.slice(comma + 1), "base64url");
    if (bytes.length === 0) {
      throw new Error(`"${given}" is not an id of the form [prefix,]base64url`);
    }
    return { byteLength: bytes.length, ...(prefix && { prefix }), ...idOutputs(bytes, prefix) };
  },
});

/** @param {Buffer} bytes */
const bytesOutputs = (bytes) => {
  const base64 = bytes.toString("base64");
  return { id: base64, base64, hex: bytes.toString("hex") };
};

const bytes = fromTable({
  inputs: { keepers: KEEPERS, length: { type: "integer", required: true, min: 1 } },
  outputs: { base64: { secret: true }, hex: { secret: true } },
  create: ({ length }) => bytesOutputs(randomBytes(length)),
  import(base64) {
    const decoded = Buffer.from(base64, "base64");
    return { length: decoded.length, ...bytesOutputs(decoded) };
  },
});

const integer = fromTable({
  inputs: {
    keepers: KEEPERS,
    min: { type: "integer", required: true },
    max: { type: "integer", required: true },
    seed: { type: "string" },
  },
  outputs: { result: {} },
  validate: ({ min, max }) =>
    max < min ? [{ property: "min", reason: "min must be smaller than or equal to max" }] : [],
  create({ min, max, seed }) {
    const result = min + drawing(seed)(max + 1 - min);
    return { id: String(result), result };
  },
  import(given) {
    const [result, min, max, seed] = given.split(",");
    if (![result, min, max].every((part) => /^-?\d+$/.test(part))) {
      throw new Error(`"${given}" is not of the form result,min,max or result,min,max,seed`);
    }
    return { id: result, result: Number(result), min: Number(min), max: Number(max), ...(seed && { seed }) };
  },
});

const pet = fromTable({
  inputs: {
    keepers: KEEPERS,
    length: { type: "integer", default: 2 },
    prefix: { type: "string" },
    separator: { type: "string", default: "-" },
  },
  outputs: {},
  create: ({ length, prefix, separator }) => ({
    id: [...(prefix ? [prefix] : []), ...petWords(length)].join(separator),
  }),
});

const shuffle = fromTable({
  inputs: {
    keepers: KEEPERS,
    inputs: { type: "strings", required: true },
    resultCount: { type: "integer", min: 0 },
    seed: { type: "string" },
  },
  outputs: { results: {} },
  create({ inputs, resultCount, seed }) {
    const draw = drawing(seed);
    const count = inputs.length === 0 ? 0 : resultCount || inputs.length;
    /** @type {string[]} */
    const results = [];
    while (results.length < count) {
      results.push(...shuffled(/** @type {string[]} */ (inputs), draw));
    }
    return { id: "-", results: results.slice(0, count) };
  },
});

const uuid = fromTable({
  inputs: { keepers: KEEPERS },
  outputs: { result: {} },
  create() {
    const result = randomUUID();
    return { id: result, result };
  },
  import: (given) => ({ id: given, result: given }),
});

/** Every resource type of the stand-in, by type token. */
export const randomResources = {
  "random:index/randomBytes:RandomBytes": bytes,
  "random:index/randomId:RandomId": id,
  "random:index/randomInteger:RandomInteger": integer,
  "random:index/randomPassword:RandomPassword": password,
  "random:index/randomPet:RandomPet": pet,
  "random:index/randomShuffle:RandomShuffle": shuffle,
  "random:index/randomString:RandomString": string,
  "random:index/randomUuid:RandomUuid": uuid,
};
