// @ts-check

/**
 * @typedef {Record<string, string>} Tags
 * @typedef {import("../lib/values.mjs").Properties} Properties
 */

/** What this plugin keeps in tags for want of a better place in MiniStack. */
const OURS = "stand-in:";

/** @param {string} name */
export const ourTag = (name) => `${OURS}${name}`;

/**
 * @param {{ Key?: string, Value?: string }[] | undefined} list as AWS gives it
 * @returns {Tags}
 */
export function tagsFrom(list) {
  const own = (list ?? []).filter(({ Key = "" }) => !Key.startsWith("aws:") && !Key.startsWith(OURS));
  return Object.fromEntries(own.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/**
 * @param {Tags} tags
 * @returns {{ Key: string, Value: string }[]}
 */
export const tagList = (tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * The resource's own among all its tags: those of the provider are in `tagsAll` alone.
 * @param {Tags} all
 * @param {Tags} own that the program gives
 * @param {Tags} defaults
 * @returns {Tags}
 */
export function ownTags(all, own, defaults) {
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => key in own || defaults[key] !== value),
  );
}

/**
 * @param {Tags} before
 * @param {Tags} after
 * @returns {{ set: Tags, removed: string[] }}
 */
export function tagChanges(before, after) {
  return {
    set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    removed: Object.keys(before).filter((key) => !(key in after)),
  };
}
