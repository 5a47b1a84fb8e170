// @ts-check
/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

const QUIET = 10_000;

/**
 * Whether endpoints have stayed the same for a while: stragglers may still come after each change.
 * @returns {(endpoints: KubernetesObject[]) => boolean}
 */
export function settling() {
  let known = "";
  let since = 0;
  return (endpoints) => {
    const versions = endpoints.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join();
    if (versions !== known) {
      known = versions;
      since = Date.now();
    }
    return endpoints.length > 0 && Date.now() - since >= QUIET;
  };
}
