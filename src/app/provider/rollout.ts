import { setTimeout as sleep } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { sameInputs } from "../../same-inputs";
import type { Done, RolloutInputs, RolloutOutputs } from "./inputs";
import type { LiveDeployment } from "./live";
import { givenUpSince, progressOf } from "./progress";
import { releaseBefore, releasesToPutBack } from "./put-back";
import { RegionOfApp } from "./region";
import { hasDrifted, putBackAnnotation, releaseOf, templateOf, withoutHash, type Wanted } from "./release";
import { describeRunning, imageOf } from "./running";

/** How long trouble lasts before it is believed. */
const patienceSeconds = 20;
const putBackSeconds = 120;
const pollMilliseconds = 500;
/** Kubernetes says first that a deadline is over; if it says nothing, it is not at work. */
const graceSeconds = 60;

/**
 * The coming up of a region's pods: it comes after the region's Deployment, and the next region's comes after it.
 */
export const rollout: dynamic.ResourceProvider<RolloutInputs, RolloutOutputs> = {
  async diff(_id, olds, news) {
    return { changes: !sameInputs(olds, news) || (!isLost(news) && (await isDrifted(news))) };
  },

  async create(inputs) {
    return { id: `${inputs.app}-${inputs.region}`, outs: await rollOut(inputs, undefined) };
  },

  async update(_id, olds, news) {
    return { outs: await rollOut(news, olds.done) };
  },
};

function isLost({ regions, region }: RolloutInputs): boolean {
  return regions[region]!.isLost;
}

async function isDrifted(inputs: RolloutInputs): Promise<boolean> {
  try {
    const region = await connect(inputs, inputs.region);
    const live = await region.read();
    return live === undefined || hasDrifted(live, await region.replicaSets(), wantedOf(inputs));
  } catch (error) {
    const hint = "A region that is gone is named in lost: then it is not waited for";
    throw new Error(`${(error as Error).message}\n${hint}`, { cause: error });
  }
}

function wantedOf({ release, regions, region }: RolloutInputs): Wanted {
  const { replicas } = regions[region]!;
  return { release, ...(replicas === undefined ? {} : { replicas }) };
}

/** @param last What the region ran well until now. */
async function rollOut(inputs: RolloutInputs, last: Done | undefined): Promise<RolloutOutputs> {
  if (isLost(inputs)) {
    return { ...inputs, ...(last === undefined ? {} : { done: last }) };
  }
  const region = await connect(inputs, inputs.region);
  const live = await mend(region, inputs);
  try {
    await untilUp(region, inputs);
  } catch (error) {
    throw await explained(error as Error, inputs, last);
  }
  const { release, version } = inputs;
  const before = releaseBefore(live, inputs, last);
  if (live.metadata.annotations?.[putBackAnnotation] !== undefined) {
    await region.markPutBack(null);
  }
  return { ...inputs, done: { release, version, before, image: imageOf(live.spec.template.spec) ?? "" } };
}

async function connect({ app, regions }: RolloutInputs, name: string): Promise<RegionOfApp> {
  return RegionOfApp.connect(app, regions[name]!.access);
}

/** Pulumi has told the Deployment what it should be, unless somebody else has told it something since. */
async function mend(region: RegionOfApp, inputs: RolloutInputs): Promise<LiveDeployment> {
  const live = await region.read();
  const deleted = `${inputs.region}: somebody has deleted the Deployment: pulumi up --refresh makes it anew`;
  if (live === undefined) {
    throw new Error(deleted);
  }
  const sets = await region.replicaSets();
  const wanted = wantedOf(inputs);
  if (!hasDrifted(live, sets, wanted)) {
    return live;
  }
  // Where only the number is another, what runs is right.
  const template =
    templateOf(sets, inputs.release) ??
    (releaseOf(live) === inputs.release ? withoutHash(live.spec.template) : undefined);
  if (template === undefined) {
    throw new Error(
      `${inputs.region}: the Deployment was told something else, and does not remember what it should be: ` +
        "pulumi up --refresh tells it again",
    );
  }
  await region.run(live, template, wanted.replicas);
  const mended = await region.read();
  if (mended === undefined) {
    throw new Error(deleted);
  }
  return mended;
}

/** Waits until the region runs the release, and nothing else. */
async function untilUp(region: RegionOfApp, inputs: RolloutInputs): Promise<void> {
  const { release, deadlineSeconds } = inputs;
  const first = await region.read();
  const known = first === undefined ? undefined : givenUpSince(first);
  let [troubleSince, progressAt, progress] = [Infinity, Date.now(), ""];
  for (; ; await sleep(pollMilliseconds)) {
    const [live, pods] = await Promise.all([region.read(), region.pods()]);
    if (live === undefined) {
      throw new Error("somebody has deleted the Deployment");
    }
    const now = progressOf(live, pods, release, known);
    if (now.state === "done") {
      return;
    }
    if (now.state === "failed") {
      throw new Error(now.reason);
    }
    troubleSince = now.trouble === undefined ? Infinity : Math.min(troubleSince, Date.now());
    if (Date.now() - troubleSince > patienceSeconds * 1000) {
      throw new Error(`${now.missing}: ${now.trouble}`);
    }
    if (now.missing !== progress) {
      [progressAt, progress] = [Date.now(), now.missing];
    }
    if (Date.now() - progressAt > (deadlineSeconds + graceSeconds) * 1000) {
      throw new Error(now.missing);
    }
  }
}

/** Puts back what is to be put back, and tells what each region runs then. */
async function explained(error: Error, inputs: RolloutInputs, last: Done | undefined): Promise<Error> {
  const { region, putBack } = inputs;
  const releases = putBack ? releasesToPutBack(inputs, last) : {};
  const results = await Promise.all(
    Object.entries(releases).map(([name, release]) => putBackTo(inputs, name, release)),
  );
  const states = await Promise.all(Object.keys(inputs.regions).map((name) => describe(inputs, name)));
  const lines = [
    `${region} does not come up: ${error.message}`,
    ...results,
    ...(states.length > 1 ? ["regions that come after it keep what they have"] : []),
    ...states,
  ];
  return new Error(lines.join("\n  "), { cause: error });
}

async function putBackTo(inputs: RolloutInputs, name: string, release: string): Promise<string> {
  try {
    const region = await connect(inputs, name);
    const live = await region.read();
    const template = templateOf(await region.replicaSets(), release);
    if (live === undefined || template === undefined) {
      return `${name} cannot be put back: its Deployment does not remember the version before`;
    }
    await region.run(live, template, inputs.regions[name]!.replicas);
    await region.markPutBack(`${inputs.finished[name]?.release ?? inputs.release} ${release}`);
    await untilUp(region, { ...inputs, release, deadlineSeconds: putBackSeconds - graceSeconds });
    return `${name} is put back to ${imageOf(template.spec)}`;
  } catch (error) {
    return `${name} is not put back: ${(error as Error).message}`;
  }
}

async function describe(inputs: RolloutInputs, name: string): Promise<string> {
  if (inputs.regions[name]!.isLost) {
    return `${name} is lost`;
  }
  try {
    return `${name} runs ${describeRunning(await (await connect(inputs, name)).pods())}`;
  } catch (error) {
    return `${name} cannot be asked: ${(error as Error).message}`;
  }
}
