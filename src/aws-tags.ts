import { at, isPlain, isRecord, notObject, shown, type Failure } from "./rules";

/**
 * What every service of AWS takes: IAM, CloudWatch Logs and RDS are the strictest
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html).
 */
const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const allowed = "letters, digits, spaces and _.:/=+-@";

/** Refuses what is no map of tags that AWS takes. `undefined` passes, and so does a value that is known later. */
export function* tagsFailures(path: string, tags: unknown): Generator<Failure> {
  yield* notObject(path, tags, "texts, by key");
  for (const [key, value] of Object.entries(isRecord(tags) ? tags : {})) {
    const propertyPath = at(path, key);
    if (!isText(key, 128) || key === "" || /^aws:/i.test(key)) {
      const reason = `must have a key of 1 to 128 ${allowed}, which does not begin with aws:, not ${shown(key)}`;
      yield { propertyPath, reason };
    }
    if (isPlain(value ?? null) && !isText(value, 256)) {
      yield { propertyPath, reason: `must be a text of at most 256 ${allowed}, not ${shown(value)}` };
    }
  }
}

function isText(value: unknown, most: number): boolean {
  return typeof value === "string" && [...value].length <= most && characters.test(value);
}
