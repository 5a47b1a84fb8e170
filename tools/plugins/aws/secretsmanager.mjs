// @ts-check
import { randomUUID } from "node:crypto";
import { AwsError, orNothing } from "./errors.mjs";
import { requireKey } from "./references.mjs";
import { tagList, tagsFrom } from "./tags.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 * @typedef {{ region: string, kmsKeyId?: string }} Replica
 */

const CURRENT = "AWSCURRENT";

/** @type {import("./definition.mjs").Definition} */
export const secret = {
  title: "Secrets Manager Secret",
  replaces: ["name", "namePrefix"],
  computed: ["name", "namePrefix", "policy", "replicas"],
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  compared: {
    replicas: (list) =>
      Array.isArray(list) ? list.map(({ region, kmsKeyId }) => ({ region, kmsKeyId })) : list,
  },
  naming: { property: "name", or: "namePrefix" },
  tagging: "secretsmanager",
  validate: (inputs) => [
    /^[\w/+=.@-]{1,512}$/.test(inputs["name"])
      ? undefined
      : `"${inputs["name"]}" is not a valid name of a secret`,
    inputs["recoveryWindowInDays"] === 0 ||
    (inputs["recoveryWindowInDays"] >= 7 && inputs["recoveryWindowInDays"] <= 30)
      ? undefined
      : '"recoveryWindowInDays" has to be 0 or 7 to 30',
  ],
  async create(call, inputs) {
    await requireKey(call, inputs["kmsKeyId"]);
    const there = await find(call, inputs["name"]);
    if (there?.["DeletedDate"]) {
      throw new AwsError(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    await checkReplicas(call, inputs["replicas"]);
    const { ARN } = await call.secretsmanager("CreateSecret", {
      Name: inputs["name"],
      Description: inputs["description"],
      KmsKeyId: inputs["kmsKeyId"],
      ClientRequestToken: randomUUID(),
      Tags: tagList(call.tags),
    });
    return ARN;
  },
  async settle(call, id, inputs) {
    await replicate(call, id, inputs, inputs["replicas"] ?? []);
    if (inputs["policy"]) {
      await call.secretsmanager("PutResourcePolicy", { SecretId: id, ResourcePolicy: inputs["policy"] });
    }
  },
  async read(call, id, known) {
    const found = await find(call, id);
    if (found === undefined || found["DeletedDate"]) {
      return undefined;
    }
    const { ResourcePolicy } = await call.secretsmanager("GetResourcePolicy", { SecretId: id });
    return {
      arn: found["ARN"],
      description: found["Description"] || undefined,
      kmsKeyId: found["KmsKeyId"],
      name: found["Name"],
      policy: ResourcePolicy ?? "",
      replicas: (found["ReplicationStatus"] ?? []).map((/** @type {any} */ status) =>
        replicaOf(status, known),
      ),
      tagsAll: tagsFrom(found["Tags"]),
    };
  },
  async update(call, id, { olds, news, changes }) {
    if (changes("replicas")) {
      await changeReplicas(call, id, olds, news);
    }
    if (changes("description", "kmsKeyId")) {
      await requireKey(call, news["kmsKeyId"]);
      await call.secretsmanager("UpdateSecret", {
        SecretId: id,
        Description: news["description"] ?? "",
        KmsKeyId: news["kmsKeyId"],
      });
    }
    if (changes("policy")) {
      await (news["policy"]
        ? call.secretsmanager("PutResourcePolicy", { SecretId: id, ResourcePolicy: news["policy"] })
        : call.secretsmanager("DeleteResourcePolicy", { SecretId: id }));
    }
  },
  async delete(call, id, state) {
    const window = state["recoveryWindowInDays"];
    const found = await find(call, id);
    if (found?.["DeletedDate"]) {
      return;
    }
    // As the provider does: a secret with replicas cannot be deleted.
    for (const { Region } of found?.["ReplicationStatus"] ?? []) {
      await removeReplica(call, String(found?.["Name"]), id, Region);
    }
    await call.secretsmanager("DeleteSecret", {
      SecretId: id,
      ...(window === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: window }),
    });
  },
};

/** @type {import("./definition.mjs").Definition} */
export const secretVersion = {
  title: "Secrets Manager Secret Version",
  replaces: ["secretBinary", "secretId", "secretString", "secretStringWoVersion"],
  computed: ["versionStages"],
  secrets: ["secretBinary", "secretString"],
  unwatched: ["secretStringWo"],
  validate: (inputs) => [
    ["secretBinary", "secretString", "secretStringWo"].filter((name) => inputs[name] !== undefined).length > 1
      ? "only one of secretBinary, secretString, secretStringWo can be given"
      : undefined,
  ],
  async create(call, inputs) {
    const { VersionId } = await call.secretsmanager("PutSecretValue", {
      SecretId: inputs["secretId"],
      ClientRequestToken: randomUUID(),
      SecretBinary: inputs["secretBinary"] && Buffer.from(inputs["secretBinary"], "base64"),
      SecretString: inputs["secretString"] ?? inputs["secretStringWo"],
      VersionStages: inputs["versionStages"],
    });
    return `${inputs["secretId"]}|${VersionId}`;
  },
  async read(call, id, known) {
    const [secretId, VersionId] = partsOf(id);
    const asked = call.secretsmanager("GetSecretValue", { SecretId: secretId, VersionId });
    const found = await orNothing(asked.catch(goneIfDeleted));
    const isWriteOnly = known["secretStringWo"] !== undefined || known["hasSecretStringWo"] === true;
    return (
      found && {
        arn: found.ARN,
        hasSecretStringWo: isWriteOnly,
        secretArn: found.ARN,
        secretBinary: found.SecretBinary && Buffer.from(found.SecretBinary).toString("base64"),
        secretId,
        secretString: isWriteOnly ? undefined : found.SecretString,
        secretStringWo: undefined,
        versionId: VersionId,
        versionStages: found.VersionStages,
      }
    );
  },
  async update(call, id, { olds, news, changes }) {
    if (!changes("versionStages")) {
      return;
    }
    const [SecretId, VersionId] = partsOf(id);
    const [before = [], after = []] = [olds["versionStages"], news["versionStages"]];
    for (const stage of after.filter((/** @type {string} */ name) => !before.includes(name))) {
      await moveStage(call, SecretId, stage, VersionId);
    }
    for (const stage of before.filter(
      (/** @type {string} */ name) => !after.includes(name) && name !== CURRENT,
    )) {
      await call.secretsmanager("UpdateSecretVersionStage", {
        SecretId,
        VersionStage: stage,
        RemoveFromVersionId: VersionId,
      });
    }
  },
  async delete(call, id) {
    const [SecretId, VersionId] = partsOf(id);
    const asked = call.secretsmanager("GetSecretValue", { SecretId, VersionId });
    const { VersionStages = [] } = (await orNothing(asked.catch(goneIfDeleted))) ?? {};
    // The current one stays until the next takes its place.
    for (const stage of VersionStages.filter((/** @type {string} */ name) => name !== CURRENT)) {
      await call.secretsmanager("UpdateSecretVersionStage", {
        SecretId,
        VersionStage: stage,
        RemoveFromVersionId: VersionId,
      });
    }
  },
};

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Properties | undefined>}
 */
const find = (call, id) => orNothing(call.secretsmanager("DescribeSecret", { SecretId: id }));

/** @param {any} error */
function goneIfDeleted(error) {
  if (error instanceof AwsError && /deleted|marked for deletion/.test(error.message)) {
    throw new AwsError("ResourceNotFoundException", error.message, error);
  }
  throw error;
}

/**
 * @param {string} id
 * @returns {[string, string]}
 */
function partsOf(id) {
  const [secretId = "", versionId = ""] = id.split("|");
  if (secretId === "" || versionId === "") {
    throw new Error(`unexpected format of ID (${id}), expected SecretID|VersionID`);
  }
  return [secretId, versionId];
}

/**
 * @param {Call} call
 * @param {string} SecretId
 * @param {string} VersionStage
 * @param {string} versionId
 */
async function moveStage(call, SecretId, VersionStage, versionId) {
  const { VersionIdsToStages = {} } = await call.secretsmanager("DescribeSecret", { SecretId });
  const holder = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes(VersionStage));
  await call.secretsmanager("UpdateSecretVersionStage", {
    SecretId,
    VersionStage,
    MoveToVersionId: versionId,
    RemoveFromVersionId: holder,
  });
}

/**
 * @param {any} status
 * @param {Properties} known
 */
function replicaOf({ Region, KmsKeyId, Status, StatusMessage }, known) {
  const given = known["replicas"]?.find((/** @type {Replica} */ { region }) => region === Region);
  return {
    region: Region,
    ...(KmsKeyId || given?.kmsKeyId ? { kmsKeyId: KmsKeyId ?? given.kmsKeyId } : {}),
    status: Status,
    statusMessage: StatusMessage,
  };
}

/**
 * @param {Call} call
 * @param {Replica[]} [replicas]
 */
async function checkReplicas(call, replicas = []) {
  for (const { region, kmsKeyId } of replicas) {
    if (region === call.region) {
      throw new AwsError(
        "InvalidParameterException",
        `Invalid replica region ${region}: it is that of the secret.`,
      );
    }
    await requireKey(call.in(region), kmsKeyId);
  }
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} inputs
 * @param {Replica[]} replicas
 */
async function replicate(call, id, inputs, replicas) {
  if (replicas.length > 0) {
    await call.secretsmanager("ReplicateSecretToRegions", {
      SecretId: id,
      AddReplicaRegions: replicas.map(({ region, kmsKeyId }) => ({ Region: region, KmsKeyId: kmsKeyId })),
      ForceOverwriteReplicaSecret: inputs["forceOverwriteReplicaSecret"],
    });
  }
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} olds
 * @param {Properties} news
 */
async function changeReplicas(call, id, olds, news) {
  /** @type {Replica[][]} */
  const [before = [], after = []] = [olds["replicas"], news["replicas"]];
  const isIn = (/** @type {Replica[]} */ list) => (/** @type {Replica} */ one) =>
    list.some(({ region, kmsKeyId }) => region === one.region && (kmsKeyId ?? "") === (one.kmsKeyId ?? ""));
  const added = after.filter((replica) => !isIn(before)(replica));
  await checkReplicas(call, added);
  for (const { region } of before.filter((replica) => !isIn(after)(replica))) {
    await removeReplica(call, olds["name"], id, region);
  }
  await replicate(call, id, news, added);
}

/** Where the secret that takes a replica's place is made: any region that nobody uses. */
const ELSEWHERE = "stand-in-1";

/**
 * MiniStack cannot remove a replica. But another secret's replica can take its place, and go with that secret.
 * @param {Call} call
 * @param {string} name
 * @param {string} id
 * @param {string} region
 */
async function removeReplica(call, name, id, region) {
  try {
    await call.secretsmanager("RemoveRegionsFromReplication", {
      SecretId: id,
      RemoveReplicaRegions: [region],
    });
  } catch (error) {
    if (
      !(error instanceof AwsError) ||
      !/Unknown|Unsupported|Invalid(Action)|not (supported|implemented)/i.test(
        `${error.code} ${error.message}`,
      )
    ) {
      throw error;
    }
    const elsewhere = call.in(ELSEWHERE);
    const { ARN } = await elsewhere.secretsmanager("CreateSecret", { Name: name });
    await elsewhere.secretsmanager("ReplicateSecretToRegions", {
      SecretId: ARN,
      AddReplicaRegions: [{ Region: region }],
      ForceOverwriteReplicaSecret: true,
    });
    await elsewhere.secretsmanager("DeleteSecret", { SecretId: ARN, ForceDeleteWithoutRecovery: true });
  }
}
