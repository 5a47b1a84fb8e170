import { mismatch, type Failure } from "./rules";

export const anAwsRegion = "an AWS region such as eu-west-1";

export function isAwsRegion(value: unknown): value is string {
  return typeof value === "string" && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(value);
}

/** Refuses what is no AWS region. `undefined` passes. */
export function notAwsRegion(path: string, value: unknown): Generator<Failure> {
  return mismatch(path, value, isAwsRegion, anAwsRegion);
}
