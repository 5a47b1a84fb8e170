// @ts-check
import { AwsError, orNothing } from "./errors.mjs";
import { kmsTags } from "./tagging.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 */

const LONGEST_WAIT = 30;
const NOT_HERE = ["customKeyStoreId", "xksKeyId"];

/** @type {import("./definition.mjs").Definition} */
export const key = {
  title: "KMS Key",
  replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  computed: ["description", "multiRegion", "policy", "rotationPeriodInDays"],
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  tagging: "kms",
  validate: (inputs) => [
    ...NOT_HERE.map((name) =>
      inputs[name] ? `the stand-in for the aws plugin does not have "${name}" of a key` : undefined,
    ),
    outside(inputs["deletionWindowInDays"], 7, LONGEST_WAIT)
      ? '"deletionWindowInDays" has to be 7 to 30'
      : undefined,
    outside(inputs["rotationPeriodInDays"], 90, 2560)
      ? '"rotationPeriodInDays" has to be 90 to 2560'
      : undefined,
    inputs["rotationPeriodInDays"] && !inputs["enableKeyRotation"]
      ? '"rotationPeriodInDays" needs "enableKeyRotation"'
      : undefined,
    isPolicy(inputs["policy"]) ? undefined : '"policy" contains an invalid JSON policy',
  ],
  async create(call, inputs) {
    const { KeyMetadata } = await call.kms("CreateKey", {
      Description: inputs["description"],
      KeySpec: inputs["customerMasterKeySpec"],
      KeyUsage: inputs["keyUsage"],
      MultiRegion: inputs["multiRegion"],
      Policy: inputs["policy"],
      Tags: kmsTags(call.tags),
    });
    return KeyMetadata.KeyId;
  },
  async settle(call, id, inputs) {
    await requireOwnAccess(call, id, inputs["policy"]);
    if (inputs["enableKeyRotation"]) {
      await rotate(call, id, inputs);
    }
    if (inputs["isEnabled"] === false) {
      await call.kms("DisableKey", { KeyId: id });
    }
  },
  async read(call, id) {
    const found = (await orNothing(call.kms("DescribeKey", { KeyId: id })))?.KeyMetadata;
    // One that waits for its end is as good as gone.
    if (found === undefined || /^Pending.*Deletion$/.test(found.KeyState)) {
      return undefined;
    }
    const [rotation, policy, tags] = await Promise.all([
      call.kms("GetKeyRotationStatus", { KeyId: id }),
      call.kms("GetKeyPolicy", { KeyId: id, PolicyName: "default" }),
      call.kms("ListResourceTags", { KeyId: id }),
    ]);
    return {
      arn: found.Arn,
      customerMasterKeySpec: found.KeySpec,
      description: found.Description,
      enableKeyRotation: rotation.KeyRotationEnabled,
      isEnabled: found.Enabled,
      keyId: found.KeyId,
      keyUsage: found.KeyUsage,
      multiRegion: found.MultiRegion,
      policy: policy.Policy,
      rotationPeriodInDays: rotation.KeyRotationEnabled ? rotation.RotationPeriodInDays : undefined,
      tagsAll: Object.fromEntries(
        (tags.Tags ?? []).map((/** @type {any} */ tag) => [tag.TagKey, tag.TagValue]),
      ),
    };
  },
  async update(call, id, { news, changes }) {
    if (changes("isEnabled") && news["isEnabled"]) {
      await call.kms("EnableKey", { KeyId: id });
    }
    if (changes("enableKeyRotation", "rotationPeriodInDays")) {
      await (news["enableKeyRotation"]
        ? rotate(call, id, news)
        : call.kms("DisableKeyRotation", { KeyId: id }));
    }
    if (changes("description")) {
      await call.kms("UpdateKeyDescription", { KeyId: id, Description: news["description"] ?? "" });
    }
    if (changes("policy")) {
      await requireOwnAccess(call, id, news["policy"]);
      await call.kms("PutKeyPolicy", { KeyId: id, PolicyName: "default", Policy: news["policy"] });
    }
    if (changes("isEnabled") && !news["isEnabled"]) {
      await call.kms("DisableKey", { KeyId: id });
    }
  },
  async delete(call, id, state) {
    const found = (await orNothing(call.kms("DescribeKey", { KeyId: id })))?.KeyMetadata;
    if (found?.KeyState !== "PendingDeletion") {
      await call.kms("ScheduleKeyDeletion", {
        KeyId: id,
        PendingWindowInDays: state["deletionWindowInDays"] ?? LONGEST_WAIT,
      });
    }
  },
};

/** @type {import("./definition.mjs").Definition} */
export const alias = {
  title: "KMS Alias",
  replaces: ["name", "namePrefix"],
  computed: ["name", "namePrefix"],
  naming: { property: "name", or: "namePrefix", prefix: "alias/" },
  validate: (inputs) => [
    /^alias\/(?!aws\/)[\w/-]+$/.test(inputs["name"])
      ? undefined
      : `"${inputs["name"]}" has to begin with "alias/" and not with "alias/aws/"`,
  ],
  async create(call, { name, targetKeyId }) {
    await requireUsable(call, targetKeyId);
    await call.kms("CreateAlias", { AliasName: name, TargetKeyId: targetKeyId });
    return name;
  },
  async read(call, id, known) {
    const { Aliases = [] } = await call.kms("ListAliases");
    const found = Aliases.find((/** @type {any} */ { AliasName }) => AliasName === id);
    if (found === undefined) {
      return undefined;
    }
    const targetKeyArn = await call.arn("kms", `key/${found.TargetKeyId}`);
    return {
      arn: found.AliasArn,
      name: id,
      targetKeyArn,
      // As the program names it: by the id or the ARN.
      targetKeyId: known["targetKeyId"] === targetKeyArn ? targetKeyArn : found.TargetKeyId,
    };
  },
  async update(call, id, { news }) {
    await requireUsable(call, news["targetKeyId"]);
    await call.kms("UpdateAlias", { AliasName: id, TargetKeyId: news["targetKeyId"] });
  },
  async delete(call, id) {
    await call.kms("DeleteAlias", { AliasName: id });
  },
};

/**
 * @param {any} value
 * @param {number} least
 * @param {number} most
 */
const outside = (value, least, most) => value !== undefined && (value < least || value > most);

/** @param {any} policy */
function isPolicy(policy) {
  try {
    return policy === undefined || typeof JSON.parse(policy) === "object";
  } catch {
    return false;
  }
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {Properties} inputs
 */
const rotate = (call, id, inputs) =>
  call.kms("EnableKeyRotation", { KeyId: id, RotationPeriodInDays: inputs["rotationPeriodInDays"] });

/**
 * AWS refuses a policy that locks its writer out.
 * @param {Call} call
 * @param {string} id
 * @param {string | undefined} policy
 */
async function requireOwnAccess(call, id, policy) {
  if (policy !== undefined && !policy.includes(await call.provider.accountId())) {
    throw new AwsError(
      "MalformedPolicyDocumentException",
      `The new key policy will not allow you to update the key policy of ${id} in the future.`,
    );
  }
}

/**
 * @param {Call} call
 * @param {string} id
 */
async function requireUsable(call, id) {
  const { KeyMetadata } = await call.kms("DescribeKey", { KeyId: id });
  if (KeyMetadata.KeyState === "PendingDeletion") {
    throw new AwsError("KMSInvalidStateException", `${KeyMetadata.Arn} is pending deletion.`);
  }
}
