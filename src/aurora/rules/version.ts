import { at, isRecord, shown, type Failure, type Unknowns } from "../../rules";
import { auroraDefaults } from "../args";
import {
  hasFeature,
  parseEngineVersion,
  versionsWith,
  type EngineVersion,
  type Feature,
} from "../engine-version";

/** A version that is none, is too old for a global database, or lacks what is asked for. */
export function* versionFailures(args: Unknowns): Generator<Failure> {
  const propertyPath = "engineVersion";
  const given = args["engineVersion"] ?? auroraDefaults.engineVersion;
  const version = parseEngineVersion(given);
  if (version === undefined || !hasFeature(version, "globalDatabase")) {
    const reason = `must be a version of Aurora PostgreSQL that a global database takes, ${versionsWith("globalDatabase")}, not ${shown(given)}`;
    yield { propertyPath, reason };
    return;
  }
  if (args["writeForwarding"] === true) {
    yield* lacking("writeForwarding", version, "writeForwarding");
  }
  const regions = isRecord(args["regions"]) ? args["regions"] : {};
  for (const [name, region] of Object.entries(regions)) {
    const serverless = isRecord(region) ? region["serverless"] : undefined;
    if (isRecord(serverless)) {
      const path = at(at("regions", name), "serverless");
      yield* lacking(path, version, "serverless");
      if (serverless["minCapacity"] === 0) {
        yield* lacking(at(path, "minCapacity"), version, "pausing");
      }
    }
  }
}

function* lacking(propertyPath: string, version: EngineVersion, feature: Feature): Generator<Failure> {
  if (!hasFeature(version, feature)) {
    const given = `${version.major}.${version.minor}`;
    yield { propertyPath, reason: `needs engineVersion ${versionsWith(feature)}, not "${given}"` };
  }
}
