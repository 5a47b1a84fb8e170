import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { dynamic } from "@pulumi/pulumi";
import { KubernetesApi } from "../../kubernetes/api";
import { fieldManager } from "../../kubernetes/field-manager";
import { sameInputs } from "../../same-inputs";
import { appNames, migrationLabels, selectorOf } from "../manifests/names";
import type { MigrationInputs, MigrationOutputs } from "./inputs";
import { jobState, placeToRun } from "./job-state";
import type { LiveJob, LivePod } from "./live";
import { troubleOf } from "./trouble";

const patienceSeconds = 20;
const graceSeconds = 60;
const deletionSeconds = 60;
const pollMilliseconds = 500;

/**
 * The migration of a version. What has run is never run again: the state remembers it, and so does the Job, in
 * whichever region it was, for an update that was killed before the state was written.
 */
export const migration: Required<
  Pick<dynamic.ResourceProvider<MigrationInputs, MigrationOutputs>, "diff" | "create" | "update" | "delete">
> = {
  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) };
  },

  async create(inputs) {
    return { id: `${inputs.app}-migration`, outs: { ...inputs, done: await migrate(inputs, {}) } };
  },

  async update(_id, olds, news) {
    return { outs: { ...news, done: await migrate(news, olds.done) } };
  },

  async delete(_id, { app, regions }) {
    const places = await connectAll({ regions });
    await Promise.all(places.map((place) => deleteJobs(place, app)));
  },
};

/** The Jobs of a region. */
interface Place {
  readonly region: string;
  readonly namespace: string;
  readonly api: KubernetesApi;
}

async function connectAll({ regions }: Pick<MigrationInputs, "regions">): Promise<Place[]> {
  return Promise.all(
    Object.entries(regions)
      .filter(([, { isLost }]) => !isLost)
      .map(async ([region, { access }]) => ({
        region,
        namespace: access.namespace,
        api: await KubernetesApi.connect(access),
      })),
  );
}

type Migrations = MigrationOutputs["done"];

/** @param done What has run already. */
async function migrate(inputs: MigrationInputs, done: Migrations): Promise<Migrations> {
  const { app, fingerprint } = inputs;
  if (Object.hasOwn(done, fingerprint)) {
    return done;
  }
  const places = await connectAll(inputs);
  const found = await Promise.all(
    places.map(async (place) => ({
      region: place.region,
      state: jobState(await place.api.read<LiveJob>(jobName(place, inputs))),
    })),
  );
  const { region, begin } = placeToRun(found, inputs.region);
  const place = places.find((each) => each.region === region)!;
  if (begin) {
    // One that has failed is in the way.
    await deleteJobs(place, app, ({ metadata }) => metadata.name === jobName(place, inputs).metadata.name);
    await place.api.create(jobOf(place, inputs), fieldManager);
  }
  await untilComplete(place, inputs);
  const others = (job: LiveJob) => job.metadata.name !== jobName(place, inputs).metadata.name;
  await Promise.all(places.map((each) => deleteJobs(each, app, others)));
  return { ...done, [fingerprint]: region };
}

function jobName({ namespace }: Place, { app, fingerprint }: MigrationInputs) {
  const metadata = { name: appNames(app).migration(fingerprint), namespace };
  return { apiVersion: "batch/v1", kind: "Job", metadata };
}

function jobOf(place: Place, inputs: MigrationInputs): KubernetesObject {
  const { metadata } = jobName(place, inputs);
  return { ...inputs.job, metadata: { ...inputs.job.metadata, ...metadata } };
}

async function untilComplete(place: Place, inputs: MigrationInputs): Promise<void> {
  const { region, api, namespace } = place;
  const name = jobName(place, inputs);
  const failure = (reason: string) =>
    new Error(
      `${region}: the migration has failed, and no region has the new version: ${reason}. Job ${name.metadata.name}`,
    );
  let troubleSince = Infinity;
  const end = Date.now() + (inputs.timeoutSeconds + graceSeconds) * 1000;
  for (; ; await sleep(pollMilliseconds)) {
    const job = await api.read<LiveJob>(name);
    const state = jobState(job);
    if (state.state === "complete") {
      return;
    }
    const pods = await api.list<LivePod>("v1", "Pod", namespace, `job-name=${name.metadata.name}`);
    const trouble = pods.flatMap((pod) => troubleOf(pod) ?? exitOf(pod) ?? [])[0];
    if (state.state === "failed") {
      throw failure([state.reason, trouble].filter(Boolean).join(": "));
    }
    troubleSince = trouble === undefined ? Infinity : Math.min(troubleSince, Date.now());
    if (state.state === "absent" || Date.now() > end) {
      throw failure(state.state === "absent" ? "somebody has deleted it" : "it does not end");
    }
    if (Date.now() - troubleSince > patienceSeconds * 1000) {
      // Else it would begin once the trouble is over, with nobody looking.
      await deleteJobs(place, inputs.app, ({ metadata }) => metadata.name === name.metadata.name);
      throw failure(trouble!);
    }
  }
}

/** How a program has ended that has failed. Not what it has written. */
function exitOf({ metadata, status }: LivePod): string | undefined {
  const ended = status?.containerStatuses?.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return ended === undefined
    ? undefined
    : `it ended with ${ended.state!.terminated!.exitCode} (pod ${metadata.name})`;
}

/** Deletes Jobs of migrations with their pods, and waits until they are gone. */
async function deleteJobs(
  { api, namespace, region }: Place,
  app: string,
  which: (job: LiveJob) => boolean = () => true,
): Promise<void> {
  const selector = selectorOf(migrationLabels(app));
  for (const end = Date.now() + deletionSeconds * 1000; ; await sleep(pollMilliseconds)) {
    const jobs = (await api.list<LiveJob>("batch/v1", "Job", namespace, selector)).filter(which);
    if (jobs.length === 0) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`${region}: the Job ${jobs[0]!.metadata.name} is still being deleted`);
    }
    for (const { metadata } of jobs.filter(({ metadata: { deletionTimestamp } }) => !deletionTimestamp)) {
      await api.delete({ apiVersion: "batch/v1", kind: "Job", metadata: { name: metadata.name, namespace } });
    }
  }
}
