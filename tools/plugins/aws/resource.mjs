// @ts-check
import { InitializationFailed } from "../lib/initialization-failed.mjs";
import { UNKNOWN, hasUnknown, secret } from "../lib/values.mjs";
import { Call } from "./definition.mjs";
import { explained, isNotFound } from "./errors.mjs";
import { nameFor } from "./naming.mjs";
import { changesOf, desiredInputs, isIgnored, isNothing, plannedInputs } from "./plan.mjs";
import { isRegion } from "./regions.mjs";
import { modelFailures } from "./service-models/check.mjs";
import { retag } from "./tagging.mjs";
import { ownTags } from "./tags.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("../lib/serve.mjs").ResourceType} ResourceType
 * @typedef {import("../lib/serve.mjs").Failure} Failure
 * @typedef {import("./definition.mjs").Definition} Definition
 * @typedef {import("./schema.mjs").Schema} Schema
 * @typedef {import("./provider.mjs").Provider} Provider
 *
 * @typedef {object} Context
 * @property {Provider} provider
 * @property {ReturnType<import("../lib/engine.mjs").engineAt>} engine
 * @property {AbortSignal} signal
 */

/** Where the state says that a creation stopped half-way. */
const UNSETTLED = "__unsettled";

/**
 * What all types of resources have in common: checks, names, regions, tags, secrets and the comparison of inputs.
 * @param {Definition} definition
 * @param {Schema} schema
 * @param {Context} context
 * @returns {ResourceType}
 */
export function resourceOf(definition, schema, context) {
  const { provider } = context;
  const { title } = definition;
  const taggable = schema.outputs.includes("tagsAll");

  /** @param {Properties} inputs */
  const regionFor = (inputs) => inputs["region"] || provider.region;

  /** @param {Properties} inputs */
  const allTags = (inputs) =>
    inputs["tags"] === UNKNOWN ? UNKNOWN : { ...provider.config.defaultTags, ...inputs["tags"] };

  /**
   * @param {string} urn
   * @param {string} region
   * @param {import("./tags.mjs").Tags} [tags]
   */
  const call = (urn, region, tags = {}) => new Call(provider, region, tags, { ...context, urn });

  /**
   * @param {Properties} inputs
   * @param {Properties} [state]
   */
  const common = (inputs, state = {}) => ({
    ...(schema.isRegional ? { region: regionFor(inputs) } : {}),
    ...(taggable ? { tags: inputs["tags"], tagsAll: allTags(inputs) } : {}),
    ...("id" in state ? { id: state["id"] } : {}),
  });

  /**
   * @param {Properties} known
   * @param {Properties} live
   * @param {Properties} inputs
   * @param {string} id
   */
  const stateOf = (known, { tagsAll, ...live }, inputs, id) => ({
    ...known,
    ...live,
    id,
    ...(taggable && tagsAll !== undefined
      ? { tagsAll, tags: ownTags(tagsAll, inputs["tags"] ?? {}, provider.config.defaultTags) }
      : {}),
  });

  /**
   * @param {Properties} state
   * @returns {Properties}
   */
  const marked = (state) => {
    const secrets = [...schema.secrets, ...(definition.secrets ?? [])];
    const present = Object.entries(state).filter(([, value]) => value !== undefined && value !== null);
    return Object.fromEntries(
      present.map(([key, value]) => [
        key,
        secrets.includes(key) && value !== UNKNOWN ? secret(value) : value,
      ]),
    );
  };

  return {
    check(request) {
      const { news } = request;
      const inputs = { ...news };
      const defaulted = Object.entries(definition.defaults ?? {}).filter(
        ([name]) => inputs[name] === undefined,
      );
      Object.assign(inputs, Object.fromEntries(defaulted));
      const filled = defaulted.map(([name]) => name);
      const { naming } = definition;
      if (naming && inputs[naming.property] === undefined && !(naming.or && inputs[naming.or])) {
        inputs[naming.property] = nameFor(naming, request);
        filled.push(naming.property);
      }
      const failures = failuresOf(definition, schema, inputs, provider);
      const checked = { ...inputs, __defaults: filled.sort() };
      return {
        inputs: checked,
        failures: failures.length > 0 ? failures : modelFailures(schema.token, checked),
      };
    },

    diff({ state, news, ignoreChanges }) {
      const desired = desiredInputs(definition, schema, news, state);
      const changes = changesOf(definition, schema, state, desired, ignoreChanges);
      const replaces = [...new Set(changes.map(({ path }) => rootOf(path)))].filter((name) =>
        definition.replaces?.includes(name),
      );
      if (schema.isRegional && !isIgnored("region", ignoreChanges) && isMoved(state, regionFor(news))) {
        changes.push({ path: "region", kind: "update" });
        replaces.push("region");
      }
      if (taggable && !isIgnored("tags", ignoreChanges) && !isIgnored("tagsAll", ignoreChanges)) {
        changes.push(...tagDifferences(state, news, allTags(news)));
      }
      const { naming } = definition;
      // A new resource cannot have the name that the old one still has.
      const keepsName =
        naming !== undefined &&
        !news["__defaults"]?.includes(naming.property) &&
        news[naming.property] !== undefined &&
        news[naming.property] === state[naming.property] &&
        !replaces.includes("region");
      return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && keepsName };
    },

    async create({ urn, inputs, preview }) {
      const desired = desiredInputs(definition, schema, inputs);
      const known = { ...desired, ...common(inputs) };
      if (preview) {
        const unknown = [...schema.outputs, ...(definition.computed ?? []), "id"];
        return {
          id: "",
          state: marked({ ...Object.fromEntries(unknown.map((key) => [key, UNKNOWN])), ...known }),
        };
      }
      const region = regionFor(inputs);
      const here = call(urn, region, allTags(inputs));
      const name = definition.naming ? desired[definition.naming.property] : undefined;
      return explained(`creating ${title}${name ? ` (${name})` : ""}`, async () => {
        const id = await definition.create(here, desired);
        try {
          await definition.settle?.(here, id, desired);
          const live = await definition.read(here, id, known);
          if (live === undefined) {
            throw new Error("it is not there after its creation");
          }
          return { id, state: marked(stateOf(known, live, inputs, id)) };
        } catch (error) {
          const text = error instanceof Error ? error.message : String(error);
          // It exists now, so the engine has to know of it.
          throw new InitializationFailed(`creating ${title} (${id}): ${text}`, {
            id,
            state: marked({ ...known, id, [UNSETTLED]: true }),
            reasons: [text],
          });
        }
      });
    },

    async read({ urn, id: given, state, inputs }) {
      const imported = Object.keys(state).length === 0;
      const { id, region } = imported
        ? importedFrom(given, provider.region)
        : { id: given, region: undefined };
      const here = call(urn, region ?? state["region"] ?? regionFor(inputs));
      const live = await explained(`reading ${title} (${id})`, () =>
        definition.read(here, id, state).catch((error) => {
          if (isNotFound(error)) {
            return undefined;
          }
          throw error;
        }),
      );
      if (live === undefined) {
        return undefined;
      }
      const known = imported ? { ...(schema.isRegional ? { region: here.region } : {}) } : state;
      const refreshed = stateOf(known, live, imported ? {} : { tags: state["tags"] }, id);
      return {
        id,
        state: marked(refreshed),
        inputs: imported
          ? importedInputs(definition, schema, refreshed)
          : refreshedInputs(inputs, state, refreshed),
      };
    },

    async update({ urn, id, state, news, preview, ignoreChanges }) {
      const wanted = desiredInputs(definition, schema, news, state);
      const kept = plannedInputs(schema).filter((name) => isIgnored(name, ignoreChanges));
      const desired = { ...wanted, ...Object.fromEntries(kept.map((name) => [name, state[name]])) };
      const removed = plannedInputs(schema).filter((name) => !(name in desired));
      const known = {
        ...state,
        ...Object.fromEntries(removed.map((name) => [name, undefined])),
        ...desired,
        ...common(news, state),
        [UNSETTLED]: undefined,
      };
      if (preview) {
        return marked(known);
      }
      const region = state["region"] ?? regionFor(news);
      const here = call(urn, region, taggable ? known["tagsAll"] : {});
      return explained(`updating ${title} (${id})`, async () => {
        if (state[UNSETTLED]) {
          await definition.settle?.(here, id, desired);
        }
        const changed = changesOf(definition, schema, state, desired, ignoreChanges).map(({ path }) =>
          rootOf(path),
        );
        await definition.update?.(here, id, {
          olds: state,
          news: desired,
          changes: (...names) => names.some((name) => changed.includes(name)),
        });
        if (definition.tagging) {
          await retag(definition.tagging, here, { ...state, id });
        }
        const live = await definition.read(here, id, known);
        if (live === undefined) {
          throw new Error("it is not there any more");
        }
        return marked(stateOf(known, live, news, id));
      });
    },

    async delete({ urn, id, state }) {
      const here = call(urn, state["region"] ?? provider.region);
      await explained(`deleting ${title} (${id})`, async () => {
        try {
          await definition.delete?.(here, id, state);
        } catch (error) {
          if (!isNotFound(error)) {
            throw error;
          }
        }
      });
    },
  };
}

/**
 * @param {Definition} definition
 * @param {Schema} schema
 * @param {Properties} inputs
 * @param {Provider} provider
 * @returns {Failure[]}
 */
function failuresOf({ validate }, schema, inputs, provider) {
  const known = new Set([...schema.inputs, "__defaults"]);
  const failures = Object.keys(inputs)
    .filter((name) => !known.has(name))
    .map((name) => ({ property: name, reason: `an unexpected argument "${name}" was provided` }));
  for (const name of schema.required) {
    if (inputs[name] === undefined || inputs[name] === null) {
      failures.push({ property: name, reason: `missing required property "${name}"` });
    }
  }
  const region = inputs["region"];
  if (region && region !== UNKNOWN && !isRegion(region)) {
    failures.push({ property: "region", reason: `invalid AWS region: ${region}` });
  }
  if (validate && failures.length === 0 && !hasUnknown(inputs)) {
    const reasons = validate(inputs, region || provider.region).filter((reason) => reason !== undefined);
    failures.push(...reasons.map((reason) => ({ property: "", reason: String(reason) })));
  }
  return failures;
}

/**
 * @param {Properties} state
 * @param {string} region
 */
const isMoved = (state, region) => state["region"] !== undefined && state["region"] !== region;

/**
 * @param {Properties} state
 * @param {Properties} news
 * @param {any} tagsAll
 * @returns {import("../lib/diff.mjs").Change[]}
 */
function tagDifferences(state, news, tagsAll) {
  /** @type {import("../lib/diff.mjs").Change[]} */
  const changes = [];
  for (const [path, before, after] of [
    ["tags", state["tags"] ?? {}, news["tags"] ?? {}],
    ["tagsAll", state["tagsAll"] ?? {}, tagsAll],
  ]) {
    if (JSON.stringify(sorted(before)) !== JSON.stringify(sorted(after)) || hasUnknown(after)) {
      changes.push({ path, kind: "update" });
    }
  }
  return changes;
}

/** @param {any} value */
const sorted = (value) => (typeof value === "object" ? Object.entries(value).sort() : value);

/**
 * An import may say the region behind the id.
 * @param {string} given
 * @param {string} region
 */
function importedFrom(given, region) {
  const [, id = given, named] = /^(.+)@([^@]+)$/.exec(given) ?? [];
  return isRegion(named) ? { id, region: named } : { id: given, region };
}

/**
 * @param {Definition} definition
 * @param {Schema} schema
 * @param {Properties} state
 */
function importedInputs({ defaults = {} }, schema, state) {
  const given = schema.inputs.filter(
    (name) => !isNothing(state[name]) && JSON.stringify(state[name]) !== JSON.stringify(defaults[name]),
  );
  return { ...Object.fromEntries(given.map((name) => [name, state[name]])), __defaults: [] };
}

/**
 * The inputs follow what has changed in AWS, so that the next update can tell what the program says of it.
 * @param {Properties} inputs
 * @param {Properties} before
 * @param {Properties} after
 */
function refreshedInputs(inputs, before, after) {
  const entries = Object.entries(inputs).map(([name, value]) => {
    const changed = name in before && JSON.stringify(before[name]) !== JSON.stringify(after[name]);
    return [name, changed ? after[name] : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** @param {string} path */
const rootOf = (path) => path.split(/[.[]/, 1)[0] ?? path;
