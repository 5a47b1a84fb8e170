/** What two states of the arguments tell of a move to a region that was hibernated until now. */
export interface Resumption {
  readonly writer: string | undefined;
  readonly primary: string;
  readonly lost: readonly string[];
  readonly wasHibernated: boolean;
}

/**
 * Why a switchover is refused: the region has yet to get what was written while it was hibernated, and nothing follows
 * before the handover. A failover may have no other region to go to.
 */
export function resumedTarget({ writer, primary, lost, wasHibernated }: Resumption): string | undefined {
  const isSwitchover = writer !== undefined && writer !== primary && !lost.includes(writer);
  return isSwitchover && wasHibernated
    ? `${primary} was hibernated, and does not have what ${writer} wrote meanwhile: resume it now, and move the ` +
        "writer in the next update"
    : undefined;
}
