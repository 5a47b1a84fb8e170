// @ts-check
import { isDeepStrictEqual } from "node:util";
import { UNKNOWN, hasUnknown } from "../lib/values.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 *
 * What an AWS provider is configured with.
 * @typedef {object} Config
 * @property {string | undefined} region
 * @property {string | undefined} profile
 * @property {{ accessKeyId: string, secretAccessKey: string, sessionToken?: string } | undefined} credentials
 * @property {Record<string, string>} endpoints by the name that the provider gives to a service
 * @property {number} maxRetries
 * @property {Record<string, string>} defaultTags
 * @property {boolean} skipCredentialsValidation
 * @property {boolean} skipRequestingAccountId
 * @property {string[]} allowedAccountIds
 * @property {string[]} forbiddenAccountIds
 */

const MAX_RETRIES = 25;

const MISSING = [
  "assumeRoles",
  "assumeRoleWithWebIdentity",
  "ec2MetadataServiceEndpoint",
  "httpProxy",
  "httpsProxy",
  "ignoreTags",
  "customCaBundle",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "useDualstackEndpoint",
  "useFipsEndpoint",
];

/**
 * @param {Properties} args as the engine hands them over: everything but text in JSON
 * @returns {Config}
 */
export function configFrom(args) {
  const given = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, parsed(value)]));
  const missing = MISSING.filter((key) => !isEmpty(given[key]));
  if (missing.length > 0) {
    throw new Error(`the stand-in for the aws plugin does not have the options ${missing.join(", ")}`);
  }
  return {
    region: text(given["region"]),
    profile: text(given["profile"]),
    credentials: credentialsOf(given),
    endpoints: Object.assign({}, ...[given["endpoints"] ?? []].flat()),
    maxRetries: given["maxRetries"] ?? MAX_RETRIES,
    defaultTags: given["defaultTags"]?.tags ?? {},
    skipCredentialsValidation: given["skipCredentialsValidation"] === true,
    skipRequestingAccountId: given["skipRequestingAccountId"] === true,
    allowedAccountIds: given["allowedAccountIds"] ?? [],
    forbiddenAccountIds: given["forbiddenAccountIds"] ?? [],
  };
}

/** @param {any} value */
function parsed(value) {
  if (typeof value !== "string" || value === UNKNOWN || !/^(\[|\{|true$|false$|null$|\d+$)/.test(value)) {
    return value;
  }
  try {
    return JSON.parse(value) ?? undefined;
  } catch {
    return value;
  }
}

/** @param {any} value */
const text = (value) => (value === undefined || value === "" ? undefined : String(value));

/** @param {any} value */
const isEmpty = (value) => value === undefined || value === "" || value === false || value?.length === 0;

/** @param {Properties} given */
function credentialsOf({ accessKey, secretKey, token }) {
  if (!accessKey || !secretKey) {
    return undefined;
  }
  const keys = { accessKeyId: String(accessKey), secretAccessKey: String(secretKey) };
  return token ? { ...keys, sessionToken: String(token) } : keys;
}

/**
 * Another configuration replaces nothing by itself: the resources notice another region or account.
 * @param {Properties} olds
 * @param {Properties} news
 */
export function diffProvider(olds, news) {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  const differs = (/** @type {string} */ key) =>
    hasUnknown(news[key]) || !isDeepStrictEqual(parsed(olds[key]), parsed(news[key]));
  return { changed: keys.filter(differs), replaces: [] };
}
