// @ts-check
import { readiness } from "./awaiter.mjs";
import { besides } from "./object.mjs";
import { settling } from "./settling.mjs";

/** @typedef {import("./object.mjs").KubernetesObject} KubernetesObject */

// Endpoints that never appear do not hold up an ingress longer than this.
const GRACE = 60_000;

const UNAVAILABLE = "Ingress has at least one rule with an unavailable target endpoint.";
const NO_ADDRESS =
  "Ingress .status.loadBalancer field was not updated with a hostname/IP address. " +
  "\n    for more information about this error, see https://pulumi.io/xdv72s";

export const ingress = readiness(({ cluster }) => {
  const haveSettled = settling();
  const began = Date.now();
  return async (live) => {
    const related = { apiVersion: "v1", ...besides(live) };
    const [endpoints, services] = await Promise.all([
      cluster.list({ ...related, kind: "Endpoints" }),
      cluster.list({ ...related, kind: "Service" }),
    ]);
    const known = [...endpoints, ...services.filter(({ spec }) => spec.type === "ExternalName")];
    const missing = backendsOf(live).filter(
      (backend) => !known.some(({ metadata }) => metadata.name === backend.service),
    );
    const settled = haveSettled(endpoints) || (endpoints.length === 0 && Date.now() - began >= GRACE);
    const targeted = missing.length === 0 || settled;
    const allocated = (live.status?.loadBalancer?.ingress ?? []).length > 0;
    const ready = targeted && allocated;
    return {
      ready,
      status: [
        "[1/3] Finding a matching service for each Ingress path",
        ...(settled ? missing : []).map(
          ({ rule, service }) => `No matching service found for ingress rule: ${rule} -> "${service}"`,
        ),
        ...(targeted && !allocated
          ? ["[2/3] Waiting for update of .status.loadBalancer with hostname/IP"]
          : []),
        ...(ready ? ["Ingress initialization complete"] : []),
      ],
      reasons: [...(targeted ? [] : [UNAVAILABLE]), ...(allocated ? [] : [NO_ADDRESS])],
    };
  };
});

/**
 * @param {KubernetesObject} live
 * @returns {{ rule: string, service: string }[]}
 */
function backendsOf({ spec }) {
  return (spec?.rules ?? []).flatMap((/** @type {any} */ { host = "", http }) =>
    (http?.paths ?? []).flatMap((/** @type {any} */ { path = "", backend }) => {
      const service = backend?.service?.name ?? backend?.serviceName;
      const rule = `${host}${path}` === "" ? '"" (default path)' : `"${host}${path}"`;
      return service === undefined ? [] : [{ rule, service }];
    }),
  );
}
