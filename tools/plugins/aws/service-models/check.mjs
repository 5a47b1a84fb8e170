// @ts-check
import { UNKNOWN } from "../../lib/values.mjs";
import { CALLS } from "./calls.mjs";
import { inputOf, modelOf } from "./models.mjs";
import { rangeRules, valueFailures } from "./values.mjs";

/**
 * @typedef {import("../../lib/values.mjs").Properties} Properties
 * @typedef {import("../../lib/serve.mjs").Failure} Failure
 * @typedef {import("./calls.mjs").ApiCall} ApiCall
 * @typedef {import("./calls.mjs").Members} Members
 * @typedef {import("./models.mjs").Shape} Shape
 *
 * Where a value goes: a shape of a service, as which member of which structure.
 * @typedef {object} Target
 * @property {string} service
 * @property {string} shape
 * @property {string} member
 * @property {Members} within
 * @property {readonly string[] | undefined} [adds] members that are given by other inputs, or by the provider
 */

/** The provider decides by them where and how it calls. */
const NOT_SENT = ["region", "__defaults"];

/** @param {string} token */
export const hasCalls = (token) => Object.hasOwn(CALLS, token);

/**
 * AWS's refusals of a resource's inputs, by its own service models: required members, patterns, lengths, ranges and
 * enumerations. Each input has to be a member of a call, or named as the provider's own.
 * @param {string} token such as `aws:rds/cluster:Cluster`
 * @param {Properties} inputs
 * @returns {Failure[]}
 */
export function modelFailures(token, inputs) {
  const [first, ...others] = CALLS[token] ?? [];
  if (first === undefined) {
    return [];
  }
  const { __defaults: defaults = [] } = inputs;
  const given = Object.entries(inputs).filter(([name, value]) => !NOT_SENT.includes(name) && isGiven(value));
  const elsewhere = new Set(
    [...(first.notSent ?? []), ...others.flatMap(named)].filter((name) => !named(first).includes(name)),
  );
  return [
    ...callFailures(first, Object.fromEntries(given.filter(([name]) => !elsewhere.has(name))), defaults),
    ...others.flatMap((call) => {
      const own = given.filter(([name]) => named(call).includes(name));
      return own.some(([name]) => elsewhere.has(name))
        ? callFailures(call, Object.fromEntries(own), defaults)
        : [];
    }),
  ];
}

/** @param {ApiCall} call */
const named = ({ members = {} }) => Object.keys(members);

/** @param {unknown} value */
const isGiven = (value) => value !== undefined && value !== null;

/**
 * @param {ApiCall} call
 * @param {Properties} inputs
 * @param {readonly string[]} defaults inputs that the provider has filled in, and may keep to itself
 * @returns {Failure[]}
 */
function callFailures({ service, operation, members = {}, adds }, inputs, defaults) {
  const target = { service, shape: inputOf(service, operation), member: operation, within: members, adds };
  const sent = Object.entries(inputs).filter(
    ([name]) => !defaults.includes(name) || memberOf(target, name).to !== undefined,
  );
  return structureFailures(target, Object.fromEntries(sent), "").map(({ property, reason }) => ({
    property,
    reason: `${service} ${operation}: ${reason}`,
  }));
}

/**
 * @param {Target} target
 * @param {Properties} value
 * @param {string} path
 * @returns {Failure[]}
 */
function structureFailures(target, value, path) {
  const given = Object.entries(value).filter(([, item]) => isGiven(item));
  const found = given.map(([name, item]) => ({ name, item, ...memberOf(target, name) }));
  const covered = new Set([...(target.adds ?? []), ...found.map(({ to = "" }) => to.split(".", 1)[0])]);
  const { required = [] } = shapeOf(target);
  return [
    ...found.flatMap(({ name, item, to, within, adds: others }) => {
      const property = path === "" ? name : `${path}.${name}`;
      return to === undefined
        ? [
            {
              property,
              reason: `no member of ${target.shape} is known for "${name}": service-models/calls.mjs`,
            },
          ]
        : valueFailuresAt({ ...descend(target, to), within, adds: others }, item, property);
    }),
    ...required
      .filter((member) => !covered.has(member))
      .map((member) => ({ property: path, reason: `${target.shape}.${member} is missing` })),
  ];
}

/**
 * The member that an input goes to: the one that is named for it, or that of the same name.
 * @param {Target} target
 * @param {string} name
 * @returns {{ to?: string | undefined, within: Members, adds?: readonly string[] }}
 */
function memberOf(target, name) {
  const known = Object.hasOwn(target.within, name) ? target.within[name] : undefined;
  if (typeof known === "object") {
    return known;
  }
  const { members = {} } = shapeOf(target);
  const same = Object.keys(members).find((member) => member.toLowerCase() === name.toLowerCase());
  const tags = name === "tags" && "TagSpecifications" in members ? "TagSpecifications.Tags" : undefined;
  return { to: known ?? same ?? tags, within: {} };
}

/**
 * Follows a path of members; lists on the way are gone into.
 * @param {Target} target
 * @param {string} path
 * @returns {Target}
 */
function descend(target, path) {
  return path.split(".").reduce((place, step) => {
    const structure = itemOf(place);
    const shape = shapeOf(structure).members?.[step]?.shape;
    if (shape === undefined) {
      throw new Error(`AWS's service model of ${target.service} has no member ${step} of ${structure.shape}`);
    }
    return { ...structure, shape, member: `${target.service}.${structure.shape}.${step}` };
  }, target);
}

/**
 * @param {Target} target
 * @returns {Target} not a list
 */
function itemOf(target) {
  const { type, member } = shapeOf(target);
  return type === "list" ? itemOf({ ...target, shape: member?.shape ?? "" }) : target;
}

/**
 * @param {Target} target
 * @returns {Shape}
 */
function shapeOf({ service, shape }) {
  return /** @type {Shape} */ (modelOf(service).shapes[shape]);
}

/**
 * @param {Target} target
 * @param {any} value
 * @param {string} path
 * @returns {Failure[]}
 */
function valueFailuresAt(target, value, path) {
  const shape = shapeOf(target);
  if (value === UNKNOWN || !isGiven(value)) {
    return [];
  }
  switch (shape.type) {
    case "list": {
      const inner = { ...target, shape: shape.member?.shape ?? "" };
      const items = itemsOf(value, shapeOf(inner));
      return [
        ...rangeRules(items.length, shape, "items").map((reason) => ({ property: path, reason })),
        ...items.flatMap(([at, item]) => valueFailuresAt(inner, item, `${path}${at}`)),
      ];
    }
    case "map":
      return Object.entries(value).flatMap(([key, item]) => [
        ...valueFailuresAt({ ...target, shape: shape.key?.shape ?? "" }, key, path),
        ...valueFailuresAt({ ...target, shape: shape.value?.shape ?? "" }, item, `${path}.${key}`),
      ]);
    case "structure":
      // A block of which there may be one is an object in some resources, and a list of one in others.
      return [value].flat().flatMap((item) => structureFailures(target, item, path));
    default:
      return [value]
        .flat()
        .flatMap((item) =>
          valueFailures(item, shape, target.member).map((reason) => ({ property: path, reason })),
        );
  }
}

/**
 * The items of a list, and where they are. A map in the place of a list is one of tags.
 * @param {any} value
 * @param {Shape} shape of an item
 * @returns {[string, any][]}
 */
function itemsOf(value, { members = {} }) {
  if (Array.isArray(value)) {
    return value.map((item, index) => [`[${index}]`, item]);
  }
  const [key, word, ...more] = Object.keys(members).sort();
  return key?.endsWith("Key") && word?.endsWith("Value") && more.length === 0
    ? Object.entries(value).map(([name, text]) => [`.${name}`, { [key]: name, [word]: text }])
    : [["", value]];
}
