import { holding, type LiveContainer, type LivePod } from "./live";

/** What a container does not get over by itself, or seldom. */
const hopeless = [
  ...["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"],
  ...["CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff"],
];

/** After so many starts it is no longer a bad moment. */
const mostRestarts = 2;

/** What keeps a pod from running, if something clearly does. Nothing of what its program has written. */
export function troubleOf({ metadata, status }: LivePod): string | undefined {
  const reasons = (status?.containerStatuses ?? []).flatMap(
    (container) => troubleOfContainer(container) ?? [],
  );
  return reasons.length === 0 ? undefined : `${reasons[0]!} (pod ${metadata.name})`;
}

function troubleOfContainer({
  ready,
  restartCount = 0,
  state,
  lastState,
}: LiveContainer): string | undefined {
  const { waiting, terminated } = state ?? {};
  if (ready === true) {
    return undefined;
  }
  const ended = terminated ?? lastState?.terminated;
  const exit = ended === undefined ? "" : `: it ended with ${ended.exitCode}, ${ended.reason ?? "Error"}`;
  if (waiting?.reason !== undefined && hopeless.includes(waiting.reason)) {
    // Kubernetes only tells how long it waits.
    const why = waiting.reason === "CrashLoopBackOff" ? exit : detail(waiting.message);
    return `${waiting.reason}${why}`;
  }
  return restartCount >= mostRestarts ? `started ${restartCount + 1} times and not ready${exit}` : undefined;
}

/** Why a pod has no node, if it has none. */
export function unscheduled({ metadata, status }: LivePod): string | undefined {
  const condition = status?.conditions?.find(({ type }) => type === "PodScheduled");
  return condition?.status === "False"
    ? `${condition.reason ?? "Unschedulable"}${detail(condition.message)} (pod ${metadata.name})`
    : undefined;
}

function detail(message: string | undefined): string {
  return message === undefined || message === "" ? "" : `: ${message}`;
}

/** Whether a pod takes requests. */
export function isReady({ metadata, status }: LivePod): boolean {
  return metadata.deletionTimestamp === undefined && holding(status?.conditions, "Ready") !== undefined;
}
