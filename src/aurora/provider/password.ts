import type { dynamic } from "@pulumi/pulumi";
import { accessFor, configure } from "./access";
import type { PasswordInputs } from "./inputs";
import { lookAt, regionOf, writerOf } from "./observe";
import { AwsRdsApi, type RdsApi } from "./rds-api";
import { clock, waitUntil, type Clock } from "./waiting";

const applySeconds = 600;

/**
 * The owner's password, as it was last applied. The founding member is made with the first one, and ignores others: AWS
 * takes a new one from the writer alone, whichever region that is by then.
 */
export const password: dynamic.ResourceProvider<PasswordInputs, PasswordInputs> = {
  configure,

  async diff(_id, olds, news) {
    return { changes: olds.password !== news.password };
  },

  async create(inputs) {
    return { id: "password", outs: inputs };
  },

  async update(_id, _olds, news) {
    await applyPassword(news, new AwsRdsApi(accessFor(news)), clock);
    return { outs: news };
  },
};

/** Gives the writer a new password, and waits until it is applied. Open connections live on. */
export async function applyPassword(inputs: PasswordInputs, api: RdsApi, time: Clock): Promise<void> {
  const { regions } = inputs;
  const { database } = await lookAt(inputs, api);
  const writer = regionOf(writerOf(database)?.arn ?? "", regions);
  if (writer === undefined || regions[writer]!.activity === "lost") {
    throw new Error("the password stays as it is: no region of this topology that can be reached writes");
  }
  const { awsRegion, cluster } = regions[writer]!;
  await api.setPassword(awsRegion, cluster, inputs.password);
  await waitUntil(
    time,
    applySeconds,
    `${writer} has not applied the new password`,
    () => api.cluster(awsRegion, cluster),
    (seen) =>
      seen === undefined || seen.awaitsPassword || seen.status === "resetting-master-credentials"
        ? [`${writer} is ${seen?.status ?? "gone"}`]
        : [],
  );
}
