import { isIP } from "node:net";
import { isAbsolute } from "node:path";
import {
  at,
  isRecord,
  mismatch,
  notBoolean,
  notWholeNumber,
  unknownProperties,
  type Failure,
  type Unknowns,
} from "../rules";
import { topologyFailures } from "../topology-rules";
import type { TopologyArgs } from "../topology";
import type { LocalPostgresArgs, LocalRegionArgs } from "./args";

/** All that `LocalPostgres` refuses, at once. */
export function localFailures(args: LocalPostgresArgs): Failure[] {
  const given: unknown = args;
  return [
    ...topologyFailures(args, regionFailures, Object.keys(localProperties)),
    ...(isRecord(given) ? [...sharedPorts(given["regions"]), ...pathFailures(given)] : []),
  ];
}

// The compiler keeps these lists complete.
const localProperties: Record<Exclude<keyof LocalPostgresArgs, keyof TopologyArgs<unknown>>, true> = {
  binDir: true,
  dataDir: true,
  keepData: true,
};
const regionProperties: Record<keyof LocalRegionArgs, true> = { port: true, host: true, hibernated: true };

function* regionFailures(region: LocalRegionArgs, _name: string, path: string): Generator<Failure> {
  yield* unknownProperties(path, { ...region }, Object.keys(regionProperties));
  if (region.port === undefined) {
    yield { propertyPath: at(path, "port"), reason: "must be given: a port from 1024 to 65535" };
  }
  yield* notWholeNumber(at(path, "port"), region.port, 1024, 65_535);
  yield* mismatch(at(path, "host"), region.host, isHost, "a host name or an IP address of this machine");
  yield* notBoolean(at(path, "hibernated"), region.hibernated);
}

function isHost(value: unknown): boolean {
  const label = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
  return (
    typeof value === "string" && (isIP(value) !== 0 || new RegExp(`^${label}(\\.${label})*$`).test(value))
  );
}

/** Two regions on one port of one host would fight for it. */
function* sharedPorts(regions: unknown): Generator<Failure> {
  const taken = new Map<string, string>();
  for (const [name, region] of Object.entries(isRecord(regions) ? regions : {})) {
    if (isRecord(region) && typeof region["port"] === "number") {
      const { host = "localhost", port } = region as Unknowns & { port: number };
      const places = (host === "localhost" ? ["127.0.0.1", "::1"] : [host]).map(
        (address) => `${String(address)} ${port}`,
      );
      const other = places.map((place) => taken.get(place)).find((found) => found !== undefined);
      if (other !== undefined) {
        const reason = `must differ from every other region's, and ${port} is the port of ${other}`;
        yield { propertyPath: at(at("regions", name), "port"), reason };
      }
      places.forEach((place) => taken.set(place, name));
    }
  }
}

function* pathFailures(args: Unknowns): Generator<Failure> {
  for (const property of ["binDir", "dataDir"]) {
    const isPath = (value: unknown) =>
      typeof value === "string" && isAbsolute(value) && !value.includes("\0");
    yield* mismatch(property, args[property], isPath, "an absolute path");
  }
  yield* notBoolean("keepData", args["keepData"]);
}
