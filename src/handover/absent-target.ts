/** What two states of the arguments tell of a move to a region that did not follow until now. */
export interface Return {
  readonly writer: string | undefined;
  readonly primary: string;
  readonly lost: readonly string[];
  /** How the primary was away. */
  readonly was: "hibernated" | "lost" | undefined;
}

const remedies = { hibernated: "resume it now", lost: "take it out of lost now" } as const;

/**
 * Why a switchover is refused: the region has yet to get what was written while it was away, and follows again only
 * after the handover. A failover may have no other region to go to.
 */
export function absentTarget({ writer, primary, lost, was }: Return): string | undefined {
  const isSwitchover = writer !== undefined && writer !== primary && !lost.includes(writer);
  return isSwitchover && was !== undefined
    ? `${primary} was ${was}, and does not have what ${writer} wrote meanwhile: ${remedies[was]}, and move the writer ` +
        "in the next update"
    : undefined;
}
