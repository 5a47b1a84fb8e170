/** Where the last writer stopped: what a region must have reached before it may write. */
export interface DemotionToken {
  /** The identity of the database: a token of another one is refused. */
  readonly systemIdentifier: string;
  /** The timeline on which the last writer wrote. */
  readonly timeline: number;
  /** Where the record of its shutdown checkpoint begins, the last that it wrote. */
  readonly checkpoint: string;
  /** The region that was demoted. */
  readonly region: string;
}

/** Tokens travel as one word, as CloudNativePG's do. */
export function encodeToken(token: DemotionToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token back; a text that is none is refused. */
export function decodeToken(text: string): DemotionToken {
  let token: Partial<DemotionToken> | null;
  try {
    token = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Partial<DemotionToken> | null;
  } catch {
    throw new Error("the demotion token cannot be read: it is not one that a demotion made");
  }
  const { systemIdentifier, timeline, checkpoint, region } = token ?? {};
  if (
    typeof systemIdentifier !== "string" ||
    !/^\d+$/.test(systemIdentifier) ||
    typeof timeline !== "number" ||
    !Number.isInteger(timeline) ||
    typeof checkpoint !== "string" ||
    !/^[0-9A-F]+\/[0-9A-F]+$/.test(checkpoint) ||
    typeof region !== "string"
  ) {
    throw new Error("the demotion token cannot be read: it lacks what a demotion writes into it");
  }
  return { systemIdentifier, timeline, checkpoint, region };
}

/** Where a region is that is asked to become the writer. */
export interface Position {
  readonly systemIdentifier: string;
  readonly timeline: number;
  /** The end of the last record that it has replayed. */
  readonly replayed: bigint;
}

/**
 * What a token says of a region: `ready` to write, `behind` and to be waited for, or refused for good. The
 * shutdown checkpoint is the last record of its timeline and shorter than a page, so a region that has
 * replayed further has followed somebody since.
 */
export function judgeToken(
  token: DemotionToken,
  position: Position,
): { verdict: "ready" | "behind" } | { verdict: "refused"; reason: string } {
  const checkpoint = parseLsn(token.checkpoint);
  const of = `the demotion token of ${token.region}`;
  if (token.systemIdentifier !== position.systemIdentifier) {
    const databases = `database ${token.systemIdentifier}, and this is database ${position.systemIdentifier}`;
    return { verdict: "refused", reason: `${of} is foreign: it is of ${databases}` };
  }
  if (token.timeline < position.timeline || position.replayed > checkpoint + longestRecord) {
    const reached = `timeline ${position.timeline} at ${formatLsn(position.replayed)}`;
    const said = `timeline ${token.timeline} at ${token.checkpoint}`;
    return {
      verdict: "refused",
      reason: `${of} is stale: it says ${said}, and the region is past it, on ${reached}`,
    };
  }
  return {
    verdict: position.replayed > checkpoint && token.timeline === position.timeline ? "ready" : "behind",
  };
}

const longestRecord = 8192n;

/** A position in the write-ahead log, as PostgreSQL writes it: `0/3000148`. */
export function parseLsn(text: string): bigint {
  const [high, low] = text.split("/") as [string, string];
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function formatLsn(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}
