/**
 * For Secrets, and for what repeats the topology's certificates and endpoints: a rotation or a handover may have to
 * replace them, and protection, inherited from the component, would block the whole update. They hold no data of their
 * own.
 */
export const neverProtected = { protect: false } as const;
