import {
  at,
  isRecord,
  mismatch,
  notBoolean,
  notOneOf,
  notWholeNumber,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../../rules";
import type { CnpgClusterArgs, CnpgRegionArgs, ServiceArgs } from "../args";
import { clusterFailures, clusterProperties } from "./cluster";
import { defaultPorts } from "../plan";
import {
  annotationsFailures,
  clustersFailures,
  kubeconfig,
  networkFailures,
  repeated,
} from "../../kubernetes/cluster-rules";
import { isHost } from "../../kubernetes/formats";
import { listFailures, missing, notSecretText, objectFailures } from "../../rule-shapes";

// The compiler keeps these lists complete.
const regionProperties: Record<Exclude<keyof CnpgRegionArgs, keyof CnpgClusterArgs>, true> = {
  kubeconfig: true,
  context: true,
  host: true,
  port: true,
  service: true,
  hibernated: true,
};
const serviceProperties: Record<keyof ServiceArgs, true> = {
  type: true,
  annotations: true,
  loadBalancerSourceRanges: true,
};

/** What is wrong with a region by itself. */
export function* regionFailures(region: CnpgRegionArgs, _name: string, path: string): Generator<Failure> {
  const given: Unknowns = { ...region };
  const own = (property: keyof typeof regionProperties) => [at(path, property), given[property]] as const;
  const known = [...Object.keys(regionProperties), ...Object.keys(clusterProperties)];
  yield* unknownProperties(path, given, known);
  yield* missing(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("kubeconfig"), kubeconfig);
  yield* notSecretText(...own("context"), "the name of a context");
  yield* missing(...own("host"), host);
  yield* mismatch(...own("host"), isHost, host);
  yield* notWholeNumber(...own("port"), 1, 65_535);
  yield* serviceFailures(...own("service"));
  yield* notBoolean(...own("hibernated"));
  yield* clusterFailures(path, given);
}

const host = "the DNS name or the IP address by which the region is reached";

function serviceFailures(path: string, service: unknown): Generator<Failure> {
  return objectFailures(path, service, Object.keys(serviceProperties), function* (given) {
    const own = (property: keyof ServiceArgs) => [at(path, property), given[property]] as const;
    const [rangesPath, ranges] = own("loadBalancerSourceRanges");
    yield* notOneOf(...own("type"), Object.keys(defaultPorts));
    yield* annotationsFailures(...own("annotations"));
    yield* listFailures(rangesPath, ranges, "CIDR blocks", networkFailures);
    if (ranges !== undefined && (given["type"] ?? "NodePort") === "NodePort") {
      yield { propertyPath: rangesPath, reason: 'must not be given unless type is "LoadBalancer"' };
    }
  });
}

/** Two regions in one place would be one database, or reach each other where they should reach themselves. */
export function* placesFailures(regions: Unknowns): Generator<Failure> {
  yield* repeated(
    regions,
    "port",
    (region) => placeOf(region, region["port"] ?? defaultPort(region)),
    (other) => `must differ from that of ${other}, which has the same host`,
  );
  yield* clustersFailures(regions);
}

/** One port of a region's host, by which two can be told to be the same; undefined where it is not known. */
export function placeOf({ host }: Unknowns, port: unknown): string | undefined {
  return typeof host === "string" && typeof port === "number" ? `${host.toLowerCase()} ${port}` : undefined;
}

/** The port of a region that names none. */
export function defaultPort(region: unknown): number {
  const service = isRecord(region) ? region["service"] : undefined;
  return defaultPorts[isRecord(service) && service["type"] === "LoadBalancer" ? "LoadBalancer" : "NodePort"];
}
