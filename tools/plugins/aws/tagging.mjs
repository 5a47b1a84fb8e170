// @ts-check
import { tagChanges, tagList } from "./tags.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./definition.mjs").Call} Call
 * @typedef {(call: Call, resource: Properties, set: import("./tags.mjs").Tags) => Promise<unknown>} Add
 * @typedef {(call: Call, resource: Properties, removed: string[]) => Promise<unknown>} Remove
 */

/** @type {Record<string, { add: Add, remove: Remove }>} */
const APIS = {
  ec2: {
    add: (call, { id }, set) => call.ec2("CreateTags", { Resources: [id], Tags: tagList(set) }),
    remove: (call, { id }, removed) =>
      call.ec2("DeleteTags", { Resources: [id], Tags: removed.map((Key) => ({ Key })) }),
  },
  rds: {
    add: (call, { arn }, set) => call.rds("AddTagsToResource", { ResourceName: arn, Tags: tagList(set) }),
    remove: (call, { arn }, TagKeys) => call.rds("RemoveTagsFromResource", { ResourceName: arn, TagKeys }),
  },
  kms: {
    add: (call, { id }, set) => call.kms("TagResource", { KeyId: id, Tags: kmsTags(set) }),
    remove: (call, { id }, TagKeys) => call.kms("UntagResource", { KeyId: id, TagKeys }),
  },
  secretsmanager: {
    add: (call, { id }, set) => call.secretsmanager("TagResource", { SecretId: id, Tags: tagList(set) }),
    remove: (call, { id }, TagKeys) => call.secretsmanager("UntagResource", { SecretId: id, TagKeys }),
  },
};

/** @param {import("./tags.mjs").Tags} tags */
export const kmsTags = (tags) => Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/**
 * Gives a resource the tags of the call, and no others.
 * @param {string} service
 * @param {Call} call
 * @param {Properties} resource its state
 */
export async function retag(service, call, resource) {
  const api = APIS[service];
  const { set, removed } = tagChanges(resource["tagsAll"] ?? {}, call.tags);
  if (removed.length > 0) {
    await api?.remove(call, resource, removed);
  }
  if (Object.keys(set).length > 0) {
    await api?.add(call, resource, set);
  }
}
