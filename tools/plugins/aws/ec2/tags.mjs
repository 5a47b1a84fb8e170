// @ts-check
import { tagList } from "../tags.mjs";

/**
 * @param {import("../definition.mjs").Call} call
 * @param {string} type of the resource that is to be made, as EC2 calls it
 */
export function specifications(call, type) {
  const Tags = tagList(call.tags);
  return Tags.length === 0 ? undefined : [{ ResourceType: type, Tags }];
}
