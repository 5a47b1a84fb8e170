import { at, isRecord, mismatch, notList, shown, unknownProperties, type Failure } from "../../rules";
import type { AssumedRole } from "../args";

// The compiler keeps this list complete.
const properties: Record<keyof AssumedRole, true> = {
  roleArn: true,
  externalId: true,
  sessionName: true,
  duration: true,
  policy: true,
  policyArns: true,
  sourceIdentity: true,
  tags: true,
  transitiveTagKeys: true,
};

/** What is wrong with the roles that handovers assume. AWS checks the rest of each. */
export function* assumeRolesFailures(roles: unknown): Generator<Failure> {
  const path = "assumeRoles";
  yield* notList(path, roles, "roles: { roleArn, externalId, … }");
  for (const [index, role] of Array.isArray(roles) ? roles.entries() : []) {
    const own = at(path, index);
    if (!isRecord(role)) {
      yield { propertyPath: own, reason: `must be an object with a roleArn, not ${shown(role)}` };
      continue;
    }
    yield* unknownProperties(own, role, Object.keys(properties));
    const isRole = (value: unknown) =>
      typeof value === "string" && /^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(value);
    yield* mismatch(at(own, "roleArn"), role["roleArn"] ?? null, isRole, "the ARN of a role of IAM");
    const isDuration = (value: unknown) => typeof value === "string" && /^(\d+[hms])+$/.test(value);
    yield* mismatch(at(own, "duration"), role["duration"], isDuration, "a duration such as 1h30m");
  }
}
