/** Where the writer is, where it goes, and who only reads. */
export interface Move {
  readonly old: string;
  readonly next: string;
  readonly third: string;
}

/** What `pulumi up` prints in the course of a handover from OLD to NEW, in this order. */
export const handoverSteps = [
  "LocalServer db-OLD updating",
  "LocalServer db-OLD updated",
  "LocalServer db-THIRD updated",
  "LocalHandover db-handover updating",
  "LocalHandover db-handover updated",
  "LocalServer db-NEW updating",
  "LocalServer db-NEW updated",
  "LocalReplication db-OLD-replication updating",
  "LocalReplication db-THIRD-replication updated",
] as const;

export type HandoverStep = (typeof handoverSteps)[number];

/** What is printed at a step of this very move. */
export function printedAt(step: HandoverStep, { old, next, third }: Move): string {
  return step.replace("OLD", old).replace("NEW", next).replace("THIRD", third);
}
