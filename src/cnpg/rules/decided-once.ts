import type { FoundingInputs } from "../provider/inputs";

const names = [
  "namespace",
  "database",
  "owner",
  "origin",
  "initdb",
] as const satisfies (keyof FoundingInputs)[];

/** Compares what is wanted now with what was decided first. */
export function decidedOnceFailures(
  first: FoundingInputs,
  now: FoundingInputs,
): { property: keyof FoundingInputs; reason: string }[] {
  const changed = names
    .filter((property) => first[property] !== now[property])
    .map((property) => ({
      property,
      reason: `must stay ${said(first[property])}, since another one would be another database, not ${said(now[property])}`,
    }));
  const isConverted = now.primary === "" && first.primary !== "";
  return isConverted ? [{ property: "primary", reason: notConverted(first.primary) }, ...changed] : changed;
}

function said(value: string | undefined): string {
  return value === undefined ? "absent" : `"${value}"`;
}

function notConverted(region: string): string {
  return `founded the topology in ${region}: externalWriter is given from the first day or never, since what the regions wrote themselves would be lost`;
}
