import { kubeconfig } from "../../kubernetes/cluster-rules";
import { isLabel, isSubdomain } from "../../kubernetes/formats";
import { missing, notSecretText } from "../../rule-shapes";
import {
  at,
  isPlain,
  isRecord,
  mismatch,
  shown,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../../rules";
import { lostFailures, regionsFailures } from "../../topology-rules";
import type { EndpointConfigArgs, EndpointConfigRegionArgs } from "../endpoint-config-args";
import { aTopology, isTopology } from "./links";

// The compiler keeps these lists complete.
const properties: Record<keyof EndpointConfigArgs, true> = { topology: true, regions: true, lost: true };
const regionProperties: Record<keyof EndpointConfigRegionArgs, true> = {
  kubeconfig: true,
  context: true,
  namespace: true,
};

/** All that `EndpointConfig` refuses, at once. */
export function endpointConfigFailures(name: string, args: EndpointConfigArgs): Failure[] {
  const given: unknown = args;
  return isRecord(given)
    ? [...allFailures(name, given)]
    : [{ propertyPath: "args", reason: `must be an object of arguments, not ${shown(given)}` }];
}

function* allFailures(name: string, args: Unknowns): Generator<Failure> {
  const { topology, regions, lost } = args;
  const names = Object.keys(isRecord(regions) ? regions : {});
  if (!isSubdomain(name)) {
    const reason = `must be lower-case letters, digits, hyphens and dots, as names in Kubernetes are, not ${shown(name)}`;
    yield { propertyPath: "name", reason };
  }
  yield* unknownProperties("", args, Object.keys(properties));
  yield* missing("topology", topology, aTopology);
  yield* mismatch("topology", topology, isTopology, aTopology);
  yield* regionsFailures(regions, (region, _name, path) => regionFailures(path, region as Unknowns));
  if (isTopology(topology)) {
    const known = Object.keys(topology.regions);
    for (const region of names.filter((each) => !known.includes(each))) {
      const reason = `must be one of the database's regions, ${known.join(", ")}, not ${shown(region)}`;
      yield { propertyPath: at("regions", region), reason };
    }
  }
  // All of them may be gone: nothing is promoted here.
  yield* lostFailures(lost, { regions: names, lost: [] });
}

function* regionFailures(path: string, region: Unknowns): Generator<Failure> {
  const own = (property: keyof EndpointConfigRegionArgs) => [at(path, property), region[property]] as const;
  yield* unknownProperties(path, region, Object.keys(regionProperties));
  yield* missing(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("context"), "the name of a context");
  yield* missing(...own("namespace"), aNamespace);
  if (isPlain(region["namespace"])) {
    yield* mismatch(...own("namespace"), isLabel, aNamespace);
  }
}

const aNamespace = "a namespace: 1 to 63 lower-case letters, digits and hyphens, none of these first or last";
