import { clustersFailures, kubeconfig, networkFailures } from "../../kubernetes/cluster-rules";
import { isLabel } from "../../kubernetes/formats";
import { listFailures, missing, notSecretObject, notSecretText, objectFailures } from "../../rule-shapes";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notBoolean,
  notList,
  notWholeNumber,
  shown,
  unknownProperties,
  unknownYet,
  type Failure,
  type Unknowns,
} from "../../rules";
import { notHolder } from "../../secrets/rules";
import { lostFailures, regionsFailures } from "../../topology-rules";
import type {
  AppRegionArgs,
  AppSettingsArgs,
  EgressArgs,
  HealthCheckArgs,
  MigrationArgs,
  RegionalAppArgs,
} from "../args";
import { pathFailures } from "./entries";
import { followFailures, linksFailures, variablesFailures } from "./links";
import { aVariable, isVariable, loadFailures, settingsFailures, settingsProperties } from "./settings";

// The compiler keeps these lists complete.
const appProperties: Record<Exclude<keyof RegionalAppArgs, keyof AppSettingsArgs>, true> = {
  regions: true,
  lost: true,
  image: true,
  pullSecret: true,
  command: true,
  port: true,
  healthCheck: true,
  links: true,
  secrets: true,
  order: true,
  putBack: true,
  progressDeadlineSeconds: true,
  migration: true,
  follow: true,
  egress: true,
  readOnlyRootFilesystem: true,
  runAsUser: true,
  disruptionBudget: true,
  namespace: true,
  createNamespace: true,
};
const regionProperties: Record<Exclude<keyof AppRegionArgs, keyof AppSettingsArgs>, true> = {
  kubeconfig: true,
  context: true,
  stopped: true,
};
const healthCheckProperties: Record<keyof HealthCheckArgs, true> = { path: true, livePath: true };
const migrationProperties: Record<keyof MigrationArgs, true> = { command: true, timeoutSeconds: true };
const egressProperties: Record<keyof EgressArgs, true> = { cidrs: true, ports: true };

/** All that `RegionalApp` refuses, at once. */
export function appFailures(name: string, args: RegionalAppArgs): Failure[] {
  const given: unknown = args;
  if (!isRecord(given)) {
    return [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(given)}` }];
  }
  return [...allFailures(name, given)];
}

function* allFailures(name: string, args: Unknowns): Generator<Failure> {
  const own = (property: keyof RegionalAppArgs) => [property, args[property]] as const;
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  const names = Object.keys(regions);
  yield* nameFailures(name);
  yield* unknownProperties("", args, [...Object.keys(appProperties), ...Object.keys(settingsProperties)]);
  yield* regionsFailures(args["regions"], (region, _name, path) => regionFailures(path, region as Unknowns));
  yield* clustersFailures(regions);
  yield* lostFailures(args["lost"], { regions: names, lost: listedOf(args["lost"], names) });
  yield* orderFailures(...own("order"), names);
  yield* imageFailures(...own("image"));
  yield* notSecretText(...own("pullSecret"), "the text of a .dockerconfigjson");
  yield* commandFailures(...own("command"));
  yield* missing(...own("port"), "the port at which pods answer HTTP");
  yield* notWholeNumber(...own("port"), 1, 65_535);
  yield* healthCheckFailures(...own("healthCheck"));
  yield* linksFailures(...own("links"));
  yield* secretsFailures(...own("secrets"));
  yield* variablesFailures(args);
  yield* settingsFailures("", args);
  yield* loadFailures(args, regions);
  yield* notBoolean(...own("putBack"));
  yield* notWholeNumber(...own("progressDeadlineSeconds"), 10);
  yield* migrationFailures(...own("migration"));
  yield* followFailures(args["follow"], args);
  yield* listFailures(...own("egress"), "objects of properties", egressFailures);
  yield* notBoolean(...own("readOnlyRootFilesystem"));
  yield* notWholeNumber(...own("runAsUser"), 1);
  yield* notBoolean(...own("disruptionBudget"));
  yield* mismatch(...own("namespace"), isLabel, aLabel);
  yield* notBoolean(...own("createNamespace"));
}

const aLabel = "1 to 63 lower-case letters, digits and hyphens, none of these first or last";

/** A Job's name has it, with what tells one migration from another; and a service's begins with a letter. */
const longestName = 36;

function* nameFailures(name: unknown): Generator<Failure> {
  const isName = isLabel(name) && /^[a-z]/.test(name) && name.length <= longestName;
  if (!isName) {
    const expected = `1 to ${longestName} lower-case letters, digits and hyphens, a letter first and no hyphen last`;
    yield { propertyPath: "name", reason: `must be ${expected}, not ${shown(name)}` };
  }
}

function* regionFailures(path: string, region: Unknowns): Generator<Failure> {
  const own = (property: keyof typeof regionProperties) => [at(path, property), region[property]] as const;
  yield* unknownProperties(path, region, [
    ...Object.keys(regionProperties),
    ...Object.keys(settingsProperties),
  ]);
  yield* missing(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("context"), "the name of a context");
  yield* notBoolean(...own("stopped"));
  yield* settingsFailures(path, region);
}

function listedOf(list: unknown, names: readonly string[]): string[] {
  return names.filter((name) => Array.isArray(list) && list.includes(name));
}

function* orderFailures(path: string, order: unknown, regions: readonly string[]): Generator<Failure> {
  yield* notList(path, order, "regions' names");
  for (const [index, name] of Array.isArray(order) ? order.entries() : []) {
    const propertyPath = at(path, index);
    if (!isPlain(name)) {
      yield* unknownYet(propertyPath, name);
    } else if (regions.length > 0 && !regions.includes(name as string)) {
      yield { propertyPath, reason: `must be one of ${regions.join(", ")}, not ${shown(name)}` };
    } else if ((order as unknown[]).indexOf(name) < index) {
      yield { propertyPath, reason: `must be listed once, but ${shown(name)} already is` };
    }
  }
}

function* imageFailures(path: string, image: unknown): Generator<Failure> {
  const expected = "an image, such as registry.example.com/shop:2";
  yield* missing(path, image, expected);
  if (isPlain(image)) {
    const isImage = (given: unknown) => typeof given === "string" && /^[\w./:@-]+$/.test(given);
    yield* mismatch(path, image, isImage, expected);
  }
}

function* commandFailures(path: string, command: unknown): Generator<Failure> {
  yield* listFailures(path, command, "texts", (item, text) =>
    mismatch(item, text, (given) => typeof given === "string", "a text"),
  );
  if (Array.isArray(command) && command.length === 0) {
    yield { propertyPath: path, reason: "must name a program" };
  }
}

function healthCheckFailures(path: string, check: unknown): Generator<Failure> {
  return objectFailures(path, check, Object.keys(healthCheckProperties), function* (given) {
    yield* missing(at(path, "path"), given["path"], "a path such as /healthz");
    yield* pathFailures(at(path, "path"), given["path"]);
    yield* pathFailures(at(path, "livePath"), given["livePath"]);
  });
}

/** What each says is secret: no reason shows it. */
function* secretsFailures(path: string, secrets: unknown): Generator<Failure> {
  yield* notSecretObject(path, secrets, "texts, by name");
  for (const [name, value] of Object.entries(isRecord(secrets) ? secrets : {})) {
    if (!isVariable(name)) {
      const reason = `must be named by ${aVariable}, not ${shown(name)}`;
      yield { propertyPath: at(path, name), reason };
    } else if (isPlain(value) && typeof value !== "string") {
      yield* notHolder(at(path, name), value ?? null, "a text");
    }
  }
}

function migrationFailures(path: string, migration: unknown): Generator<Failure> {
  return objectFailures(path, migration, Object.keys(migrationProperties), function* (given) {
    const { command, timeoutSeconds } = given;
    yield* missing(at(path, "command"), command, "a list of texts: a program and its arguments");
    yield* commandFailures(at(path, "command"), command);
    yield* notWholeNumber(at(path, "timeoutSeconds"), timeoutSeconds, 1);
  });
}

/** An empty list would let everything through. */
function egressFailures(path: string, rule: unknown): Generator<Failure> {
  return objectFailures(path, rule, Object.keys(egressProperties), function* (given) {
    const own = (property: keyof EgressArgs) => [at(path, property), given[property]] as const;
    yield* listFailures(...own("cidrs"), "CIDR blocks", networkFailures);
    yield* listFailures(...own("ports"), "ports", (item, port) => notWholeNumber(item, port, 1, 65_535));
    for (const [propertyPath, list] of [own("cidrs"), own("ports")]) {
      if (Array.isArray(list) && list.length === 0) {
        yield { propertyPath, reason: "must not be empty: leave it out for all" };
      }
    }
  });
}
