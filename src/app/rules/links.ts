import { connectionStringFamilies } from "../../connection-strings";
import { isLabel } from "../../kubernetes/formats";
import { missing, objectFailures } from "../../rule-shapes";
import { notHolder } from "../../secrets/rules";
import { at, isRecord, mismatch, notObject, notOneOf, shown, type Failure, type Unknowns } from "../../rules";
import type { Topology } from "../../topology";
import { linkVariables, variableName, type LinkNames } from "../link-environment";
import type { LinkArgs } from "../link-args";
import { asLink, writerOf } from "../plan";
import { aVariable, isVariable } from "./settings";

// The compiler keeps this list complete.
const linkProperties: Record<keyof LinkArgs, true> = {
  to: true,
  hosts: true,
  url: true,
  through: true,
  prefix: true,
  env: true,
};

export const aTopology = "a topology, such as a CnpgPostgres";

/** What is wrong with the databases that pods find. */
export function* linksFailures(path: string, links: unknown): Generator<Failure> {
  yield* notObject(path, links, "databases, by name");
  for (const [name, link] of Object.entries(isRecord(links) ? links : {})) {
    const own = at(path, name);
    if (!isLabel(name) || name.length > 40) {
      const expected = "1 to 40 lower-case letters, digits and hyphens, none of these first or last";
      yield { propertyPath: own, reason: `must be named by ${expected}, not ${shown(name)}` };
    }
    if (!isRecord(link)) {
      yield* notHolder(own, link ?? null, aTopology);
    } else if (!isTopology(link)) {
      yield* linkFailures(own, link);
    }
  }
}

function linkFailures(path: string, link: Unknowns): Generator<Failure> {
  return objectFailures(
    path,
    link,
    Object.keys(linkProperties),
    function* ({ to, hosts, url, through, prefix, env }) {
      yield* missing(at(path, "to"), to, aTopology);
      yield* mismatch(at(path, "to"), to, isTopology, aTopology);
      yield* notOneOf(at(path, "hosts"), hosts, ["all", "writer"]);
      yield* notOneOf(at(path, "url"), url, connectionStringFamilies);
      yield* notOneOf(at(path, "through"), through, ["pooler"]);
      if (through === "pooler" && isTopology(to) && to.pooledUri === undefined) {
        const reason = "must not be given: no region of the database has a pooler for clients outside";
        yield { propertyPath: at(path, "through"), reason };
      }
      const isPrefix = (given: unknown) => given === "" || isVariable(given);
      yield* mismatch(at(path, "prefix"), prefix, isPrefix, aVariable);
      yield* notObject(at(path, "env"), env, "names, by variable");
      for (const [variable, name] of Object.entries(isRecord(env) ? env : {})) {
        if (!linkVariables.some((known) => known === variable)) {
          const reason = `must be one of ${linkVariables.join(", ")}, not ${shown(variable)}`;
          yield { propertyPath: at(at(path, "env"), variable), reason };
        } else {
          yield* mismatch(at(at(path, "env"), variable), name ?? null, isVariable, aVariable);
        }
      }
    },
  );
}

/** What every engine's component has. */
export function isTopology(value: unknown): value is Topology {
  return isRecord(value) && isRecord(value["regions"]) && "connectionUri" in value;
}

/** A variable has one value: two databases are told apart by a prefix. */
export function* variablesFailures(args: Unknowns): Generator<Failure> {
  const givers = new Map<string, string>();
  const secrets = isRecord(args["secrets"]) ? Object.keys(args["secrets"]) : [];
  for (const name of secrets) {
    givers.set(name, at("secrets", name));
  }
  const links = isRecord(args["links"]) ? Object.entries(args["links"]) : [];
  for (const [link, given] of links.filter(([, each]) => isRecord(each))) {
    const own = at("links", link);
    for (const variable of linkVariables) {
      const name = variableName(namesOf(given), variable);
      const giver = givers.get(name);
      if (giver !== undefined) {
        yield {
          propertyPath: own,
          reason: `must not give the variable ${name}, which ${giver} gives: see prefix and env`,
        };
        break;
      }
    }
    for (const variable of linkVariables) {
      givers.set(variableName(namesOf(given), variable), own);
    }
  }
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  const places = [
    ["env", args["env"]] as const,
    ...Object.entries(regions).map(
      ([region, settings]) =>
        [at(at("regions", region), "env"), isRecord(settings) ? settings["env"] : undefined] as const,
    ),
  ];
  for (const [path, env] of places) {
    for (const name of Object.keys(isRecord(env) ? env : {}).filter((each) => givers.has(each))) {
      yield { propertyPath: at(path, name), reason: `must not be given beside ${givers.get(name)}` };
    }
  }
}

function namesOf(link: unknown): LinkNames {
  if (!isRecord(link) || isTopology(link)) {
    return {};
  }
  const { prefix, env } = link;
  return {
    ...(typeof prefix === "string" ? { prefix } : {}),
    ...(isRecord(env) ? { env: env } : {}),
  };
}

/** What it takes to run where the writer is: one database, one of whose regions writes, and the application there. */
export function* followFailures(follow: unknown, args: Unknowns): Generator<Failure> {
  const propertyPath = "follow";
  yield* notOneOf(propertyPath, follow, ["writer"]);
  if (follow !== "writer") {
    return;
  }
  const links = isRecord(args["links"]) ? Object.values(args["links"]) : [];
  if (links.length !== 1) {
    yield { propertyPath, reason: `must not be given unless there is one link: there are ${links.length}` };
    return;
  }
  const { to } = isRecord(links[0]) ? asLink(links[0] as unknown as LinkArgs) : {};
  if (!isTopology(to)) {
    return;
  }
  const writer = writerOf(to);
  const regions = isRecord(args["regions"]) ? Object.keys(args["regions"]) : [];
  if (writer === undefined) {
    yield { propertyPath, reason: "must not be given while none of the database's regions writes" };
  } else if (regions.length > 0 && !regions.includes(writer)) {
    yield { propertyPath: "regions", reason: `must have ${writer}, where the writer is that is followed` };
  } else if (Array.isArray(args["lost"]) && args["lost"].includes(writer)) {
    yield { propertyPath: "lost", reason: `must not have ${writer}, where the writer is that is followed` };
  }
}
