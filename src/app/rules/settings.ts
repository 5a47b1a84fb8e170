import { quantityOf } from "../../kubernetes/formats";
import { resourcesFailures } from "../../kubernetes/resources-rules";
import { missing, objectFailures } from "../../rule-shapes";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  notObject,
  notWholeNumber,
  shown,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { AppSettingsArgs, AutoscalingArgs } from "../args";
import { gatewayFailures, ingressFailures, serviceFailures } from "./entries";

// The compiler keeps these lists complete.
export const settingsProperties: Record<keyof AppSettingsArgs, true> = {
  replicas: true,
  autoscaling: true,
  resources: true,
  env: true,
  service: true,
  ingress: true,
  gateway: true,
};
const autoscalingProperties: Record<keyof AutoscalingArgs, true> = { min: true, max: true, cpu: true };

const mostPods = 1000;

/** What is wrong with the wishes of a region, or with those of all, by themselves. `path` is where they are. */
export function* settingsFailures(path: string, settings: Unknowns): Generator<Failure> {
  const own = (property: keyof AppSettingsArgs) => [at(path, property), settings[property]] as const;
  yield* notWholeNumber(...own("replicas"), 1, mostPods);
  yield* autoscalingFailures(...own("autoscaling"));
  if (settings["replicas"] !== undefined && settings["autoscaling"] !== undefined) {
    yield {
      propertyPath: at(path, "replicas"),
      reason: `must not be given beside ${at(path, "autoscaling")}, which decides how many pods there are`,
    };
  }
  yield* resourcesFailures(...own("resources"));
  yield* environmentFailures(...own("env"));
  yield* serviceFailures(...own("service"));
  yield* ingressFailures(...own("ingress"));
  yield* gatewayFailures(...own("gateway"));
}

function autoscalingFailures(path: string, autoscaling: unknown): Generator<Failure> {
  return objectFailures(
    path,
    autoscaling,
    Object.keys(autoscalingProperties),
    function* ({ min = 2, max, cpu }) {
      yield* notWholeNumber(at(path, "min"), min, 1, mostPods);
      yield* missing(at(path, "max"), max, "the most pods that there are to be");
      const least = typeof min === "number" && Number.isSafeInteger(min) && min >= 1 ? min : 1;
      yield* notWholeNumber(at(path, "max"), max, least, mostPods);
      yield* notWholeNumber(at(path, "cpu"), cpu, 1, 100);
    },
  );
}

/** The load is a share of what pods ask for: so they have to ask for something. */
export function* loadFailures(args: Unknowns, regions: Unknowns): Generator<Failure> {
  const places = [["", args] as const, ...Object.entries(regions)].map(([region, settings]) => ({
    path: region === "" ? "" : at("regions", region),
    settings: isRecord(settings) ? settings : {},
  }));
  for (const { path, settings } of places.filter(({ settings: { autoscaling } }) => isRecord(autoscaling))) {
    const resources = settings["resources"] ?? args["resources"];
    const requests = isRecord(resources) && isRecord(resources["requests"]) ? resources["requests"] : {};
    if (requests["cpu"] === undefined || quantityOf(requests["cpu"]) === 0) {
      const reason = "takes resources.requests.cpu: the load is a share of that";
      yield { propertyPath: at(path, "autoscaling"), reason };
    }
  }
}

/** The name of a variable of the environment. */
export function isVariable(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

export const aVariable = "letters, digits and underscores, no digit first";

function* environmentFailures(path: string, env: unknown): Generator<Failure> {
  yield* notObject(path, env, "texts, by name");
  for (const [name, value] of Object.entries(isRecord(env) ? env : {})) {
    if (!isVariable(name)) {
      const reason = `must be named by ${aVariable}, not ${shown(name)}`;
      yield { propertyPath: at(path, name), reason };
    } else if (isPlain(value)) {
      yield* mismatch(at(path, name), value ?? null, (given) => typeof given === "string", "a text");
    }
  }
}
