import { container } from "../manifests/names";
import type { LivePod } from "./live";
import { isReady } from "./trouble";

/** Which images a region's pods run, and how many of them are ready, for a message. */
export function describeRunning(pods: readonly LivePod[]): string {
  const counts = new Map<string, { ready: number; all: number }>();
  for (const pod of pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    const image = imageOf(pod.spec) ?? "an unknown image";
    const { ready, all } = counts.get(image) ?? { ready: 0, all: 0 };
    counts.set(image, { ready: ready + Number(isReady(pod)), all: all + 1 });
  }
  const images = [...counts].map(([image, { ready, all }]) => `${image} (${ready} of ${all} ready)`);
  return images.length === 0 ? "no pod" : images.sort().join(" and ");
}

/** The image of the application's own container. */
export function imageOf(spec: LivePod["spec"] | undefined): string | undefined {
  return spec?.containers.find(({ name }) => name === container)?.image;
}
