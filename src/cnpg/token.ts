import type { DemotionToken } from "../handover/token";

/** Reads the token that CloudNativePG leaves in the status of a `Cluster` that was demoted. */
export function readToken(text: string, region: string): DemotionToken {
  const { databaseSystemIdentifier, latestCheckpointTimelineID, latestCheckpointREDOLocation } =
    content(text);
  if (
    !matches(databaseSystemIdentifier, /^\d+$/) ||
    !matches(latestCheckpointTimelineID, /^\d+$/) ||
    !matches(latestCheckpointREDOLocation, /^[0-9A-F]+\/[0-9A-F]+$/i)
  ) {
    throw new Error(`the demotion token of ${region} cannot be read: it is not one that the operator made`);
  }
  return {
    region,
    systemIdentifier: databaseSystemIdentifier,
    timeline: Number(latestCheckpointTimelineID),
    checkpoint: latestCheckpointREDOLocation,
  };
}

function content(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(Buffer.from(text, "base64").toString("utf8")) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}
