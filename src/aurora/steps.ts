import type { Change } from "../handover/steps";

/** What an update will do to the roles, in order: for whoever reads the preview. Empty where it does nothing to them. */
export function auroraSteps({ from, to, before, after }: Change): string[] {
  const names = Object.keys(after).sort();
  const active = names.filter((name) => after[name] === "active");
  const returns = active
    .filter((name) => before[name] === "lost" && name !== to)
    .map(
      (name) => `${name} comes back as a reader: AWS brings it level with the writer, or clones it afresh`,
    );
  if (from === undefined || from === to) {
    return returns;
  }
  const followers = active.filter((name) => name !== to && name !== from);
  const following =
    followers.length > 0 ? [`${followers.join(", ")} follow${followers.length === 1 ? "s" : ""} ${to}`] : [];
  return after[from] === "lost"
    ? [
        ...returns,
        `${from} is lost: it is not contacted, and not waited for`,
        `${to} is promoted by AWS without the consent of ${from}: what had not arrived is lost, and writes go on`,
        ...following.map(
          (text) => `${text} once rebuilt by AWS, for minutes to hours: the next handover waits`,
        ),
      ]
    : [
        ...returns,
        "every region is available, of one version and in step, or nothing is done",
        `${from} becomes a reader by AWS's switchover: writes wait until ${to} has everything`,
        `${to} becomes the writer: writes go on`,
        ...following,
      ];
}
