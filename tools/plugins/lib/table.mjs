// @ts-check
import { changesBetween } from "./diff.mjs";
import { UNKNOWN, hasUnknown, secret } from "./values.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 * @typedef {import("./serve.mjs").Failure} Failure
 * @typedef {import("./serve.mjs").ResourceType} ResourceType
 *
 * @typedef {object} Input
 * @property {"string" | "integer" | "boolean" | "strings" | "map" | Record<string, Input>} type
 * @property {boolean} [required]
 * @property {any} [default] put into the state, never into the inputs, when the program gives no value
 * @property {readonly string[]} [oneOf]
 * @property {number} [min]
 * @property {boolean} [secret]
 * @property {boolean} [updates] a change is made in place instead of by a replacement
 * @property {boolean} [writeOnly] used at creation, but neither put into the state nor compared
 *
 * @typedef {object} Table
 * @property {Record<string, Input>} inputs
 * @property {Record<string, { secret?: boolean }>} outputs
 * @property {number} [schemaVersion] what the real provider notes in its state, so that it can take it over
 * @property {(inputs: Properties) => Failure[]} [validate] called when every input is known
 * @property {(planned: Properties) => Properties} [plan] adjusts the inputs with their defaults
 * @property {(planned: Properties) => { id: string } & Properties} create
 * @property {(state: Properties) => Properties} [refresh] outputs that change with time
 * @property {(planned: Properties, state: Properties) => string[]} [expired] outputs that call for a replacement
 * @property {(id: string) => Properties} [import] the whole state, from the id that the user gives
 */

/**
 * By this the real providers rebuild their own state, and they fail where it no longer fits: it is kept as long as
 * nothing changes, and left out then, as in a state that has never had one.
 */
const RAW_STATE_DELTA = "__pulumi_raw_state_delta";

/**
 * Makes the handlers of a resource type that only exists in the state, like everything in these providers.
 * @param {Table} table
 * @returns {ResourceType}
 */
export function fromTable(table) {
  const updates = Object.values(table.inputs).some((input) => input.updates);
  return {
    check({ news }) {
      const failures = failuresOf(table.inputs, news);
      if (failures.length === 0 && !hasUnknown(news)) {
        failures.push(...(table.validate?.(planned(table, news)) ?? []));
      }
      return { inputs: news, failures };
    },
    diff({ state, news }) {
      const wanted = planned(table, news);
      const compared = Object.keys(table.inputs).filter((key) => !table.inputs[key].writeOnly);
      const changes = compared.flatMap((key) => changesBetween(state[key], wanted[key], key));
      const changed = compared.filter((key) => changes.some(({ path }) => path.split(/[.[]/, 1)[0] === key));
      const expired = table.expired?.(wanted, state) ?? [];
      return {
        changes: [...changes, ...expired.map((path) => ({ path, kind: /** @type {const} */ ("update") }))],
        replaces: [...changed.filter((key) => !table.inputs[key].updates), ...expired],
        isDetailed: false,
      };
    },
    create({ inputs, preview }) {
      const wanted = planned(table, inputs);
      if (preview) {
        return { id: "", state: marked(table, { ...unknownOutputs(table), ...wanted }) };
      }
      const outputs = table.create(wanted);
      return { id: outputs.id, state: marked(table, { ...versioned(table), ...wanted, ...outputs }) };
    },
    read({ id, state, inputs }) {
      if (Object.keys(state).length > 0) {
        const refreshed = { ...state, ...table.refresh?.(state) };
        return { id, state: marked(table, refreshed), inputs };
      }
      if (table.import === undefined) {
        throw new Error("this type of resource cannot be imported");
      }
      const imported = table.import(id);
      const given = Object.entries(imported).filter(
        ([key, value]) => key in table.inputs && value !== table.inputs[key].default,
      );
      return {
        id: imported.id,
        state: marked(table, { ...versioned(table), ...imported }),
        inputs: Object.fromEntries(given),
      };
    },
    update: updates
      ? ({ state, news }) => {
          const kept = Object.entries(state).filter(
            ([key]) => !(key in table.inputs) && key !== RAW_STATE_DELTA,
          );
          return marked(table, { ...Object.fromEntries(kept), ...planned(table, news) });
        }
      : undefined,
  };
}

/**
 * @param {Table} table
 * @param {Properties} inputs
 */
function planned(table, inputs) {
  const defaults = Object.entries(table.inputs).filter(([, input]) => input.default !== undefined);
  const filled = { ...Object.fromEntries(defaults.map(([key, input]) => [key, input.default])), ...inputs };
  return table.plan?.(filled) ?? filled;
}

/** @param {Table} table */
function unknownOutputs(table) {
  return Object.fromEntries(["id", ...Object.keys(table.outputs)].map((key) => [key, UNKNOWN]));
}

/** @param {Table} table */
function versioned({ schemaVersion }) {
  return schemaVersion === undefined
    ? {}
    : { __meta: JSON.stringify({ schema_version: String(schemaVersion) }) };
}

/**
 * @param {Table} table
 * @param {Properties} state
 */
function marked(table, state) {
  /** @type {Record<string, { secret?: boolean, writeOnly?: boolean }>} */
  const properties = { ...table.inputs, ...table.outputs };
  return Object.fromEntries(
    Object.entries(state)
      .filter(([key, value]) => !properties[key]?.writeOnly && value !== undefined && value !== null)
      .map(([key, value]) => [key, properties[key]?.secret ? secret(value) : value]),
  );
}

/**
 * @param {Record<string, Input>} inputs
 * @param {Properties} news
 * @param {string} [prefix]
 * @returns {Failure[]}
 */
function failuresOf(inputs, news, prefix = "") {
  const unknown = Object.keys(news).filter((key) => !Object.hasOwn(inputs, key) && !key.startsWith("__"));
  const failures = unknown.map((key) => ({
    property: prefix + key,
    reason: `unknown property "${prefix}${key}": the properties here are ${Object.keys(inputs).join(", ")}`,
  }));
  for (const [key, input] of Object.entries(inputs)) {
    const property = prefix + key;
    const value = news[key];
    if (value === undefined || value === null) {
      if (input.required) {
        failures.push({ property, reason: `missing required property "${property}"` });
      }
    } else if (value !== UNKNOWN) {
      failures.push(...failuresOfValue(input, value, property));
    }
  }
  return failures;
}

/**
 * @param {Input} input
 * @param {any} value
 * @param {string} property
 * @returns {Failure[]}
 */
function failuresOfValue(input, value, property) {
  if (!hasType(input.type, value)) {
    const wanted = typeof input.type === "object" ? "an object" : WORDS[input.type];
    return [{ property, reason: `"${property}" has to be ${wanted}` }];
  }
  if (typeof input.type === "object") {
    return failuresOf(input.type, value, `${property}.`);
  }
  /** @type {Failure[]} */
  const failures = [];
  const { oneOf, min } = input;
  const outside = oneOf && [value].flat().find((item) => item !== UNKNOWN && !oneOf.includes(item));
  if (outside !== undefined) {
    failures.push({
      property,
      reason: `"${property}" cannot be "${outside}", only one of ${oneOf?.join(", ")}`,
    });
  }
  if (min !== undefined && value < min) {
    failures.push({ property, reason: `"${property}" must be at least ${min}, got ${value}` });
  }
  return failures;
}

const WORDS = {
  string: "a string",
  integer: "a whole number",
  boolean: "a boolean",
  strings: "a list of strings",
  map: "a map of strings",
};

/**
 * @param {Input["type"]} type
 * @param {any} value
 */
function hasType(type, value) {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "map":
      return (
        isObject(value) && Object.values(value).every((item) => item === null || typeof item === "string")
      );
    case "string":
    case "boolean":
      return typeof value === type;
    default:
      return isObject(value);
  }
}

/** @param {any} value */
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
