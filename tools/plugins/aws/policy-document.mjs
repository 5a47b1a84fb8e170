// @ts-check
import { createHash } from "node:crypto";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

const VERSION = "2012-10-17";

/**
 * A policy in JSON, as the provider writes it.
 * @param {Properties} args
 * @returns {Properties}
 */
export function policyDocument(args) {
  const own = (args["statements"] ?? []).map(statementOf);
  const named = own.flatMap((/** @type {Properties} */ { Sid }) => Sid ?? []);
  const twice = named.find(
    (/** @type {string} */ sid, /** @type {number} */ index) => named.indexOf(sid) !== index,
  );
  if (twice !== undefined) {
    throw new Error(`duplicate Sid (${twice})`);
  }
  const sources = [args["sourceJson"], ...(args["sourcePolicyDocuments"] ?? [])].flatMap(statementsIn);
  const overriding = [...(args["overridePolicyDocuments"] ?? []), args["overrideJson"]].flatMap(statementsIn);
  /** @type {Properties} */
  const document = {
    Version: args["version"] ?? VERSION,
    ...(args["policyId"] ? { Id: args["policyId"] } : {}),
    Statement: merged(merged(sources, own), overriding),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { ...args, id: idOf(json), json, minifiedJson: JSON.stringify(document) };
}

/** @param {string} json */
const idOf = (json) => String(createHash("sha256").update(json).digest().readUInt32BE());

/**
 * @param {string | undefined} json
 * @returns {Properties[]}
 */
const statementsIn = (json) => (json ? [JSON.parse(json).Statement ?? []].flat() : []);

/**
 * A statement takes the place of one with the same name.
 * @param {Properties[]} before
 * @param {Properties[]} after
 */
function merged(before, after) {
  const result = [...before];
  for (const statement of after) {
    const index = result.findIndex(({ Sid }) => Sid && Sid === statement["Sid"]);
    result.splice(index < 0 ? result.length : index, index < 0 ? 0 : 1, statement);
  }
  return result;
}

/**
 * @param {Properties} statement
 * @returns {Properties}
 */
function statementOf(statement) {
  const entries = [
    ["Sid", statement["sid"] || undefined],
    ["Effect", statement["effect"] ?? "Allow"],
    ["Action", list(statement["actions"])],
    ["NotAction", list(statement["notActions"])],
    ["Resource", list(statement["resources"])],
    ["NotResource", list(statement["notResources"])],
    ["Principal", principals(statement["principals"])],
    ["NotPrincipal", principals(statement["notPrincipals"])],
    ["Condition", conditions(statement["conditions"])],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/**
 * @param {string[] | undefined} values
 * @returns {any} a single value alone, several the other way round, as the provider sorts them
 */
function list(values = []) {
  const sorted = [...new Set(values)].sort().reverse();
  return sorted.length === 0 ? undefined : sorted.length === 1 ? sorted[0] : sorted;
}

/** @param {{ type: string, identifiers: string[] }[] | undefined} given */
function principals(given = []) {
  if (given.length === 0) {
    return undefined;
  }
  if (given.length === 1 && given[0]?.type === "*" && given[0].identifiers.includes("*")) {
    return "*";
  }
  /** @type {Record<string, string[]>} */
  const byType = {};
  for (const { type, identifiers } of given) {
    byType[type] = [...(byType[type] ?? []), ...identifiers];
  }
  return Object.fromEntries(Object.entries(byType).map(([type, identifiers]) => [type, list(identifiers)]));
}

/** @param {{ test: string, variable: string, values: string[] }[] | undefined} given */
function conditions(given = []) {
  /** @type {Record<string, Record<string, any>>} */
  const byTest = {};
  for (const { test, variable, values } of given) {
    byTest[test] = { ...byTest[test], [variable]: values.length === 1 ? values[0] : values };
  }
  return given.length === 0 ? undefined : byTest;
}
