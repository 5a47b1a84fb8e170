import { at, shown, type Failure } from "../../rules";
import { clusterName } from "../names";

/** AWS Backup's limit for vaults and selections; all else that is called after a region may be longer. */
const longestName = 50;

/** IAM takes names of 64 characters, and ours end in `-monitoring`. */
const longestIdentifier = 53;

/** As RDS takes identifiers: it lowers capitals, which would be a change at every update. */
function isIdentifier(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value);
}

/** @param identifier The user's, or the one made of the component's name and the stack's. */
export function* namesFailures(identifier: unknown, regions: readonly string[]): Generator<Failure> {
  const propertyPath = "identifier";
  if (!isIdentifier(identifier)) {
    const form = "lower-case letters, digits and single hyphens between them, a letter first";
    yield { propertyPath, reason: `must be of ${form}, not ${shown(identifier)}` };
    return;
  }
  if (identifier.length > longestIdentifier) {
    const reason = `must have at most ${longestIdentifier} characters, not ${identifier.length} as ${shown(identifier)} has`;
    yield { propertyPath, reason };
  }
  for (const region of regions) {
    const cluster = clusterName(identifier, region);
    if (cluster.length > longestName) {
      const reason = `must make a name of at most ${longestName} characters with the identifier, not ${shown(cluster)}`;
      yield { propertyPath: at("regions", region), reason };
    }
  }
}
