// @ts-check
// Where everything of a region is: its addresses, its folder, its names. Nothing here touches the machine.
import { join } from "node:path";

/**
 * @typedef {object} Region
 * @property {string} name
 * @property {number} number from 1; decides its addresses, and is remembered in its folder
 * @property {string} folder all that it keeps on disk
 * @property {string} namespace of the network
 * @property {string} link the host's end of its wire
 * @property {string} address of its node
 * @property {string} hostname by which every region and the host know it
 * @property {string} pods the range of its pods
 * @property {string} services the range of its services
 * @property {string} apiService the first address of that range, by which pods know the API server
 * @property {string} cgroup below which its pods are
 * @property {string} kubeconfig for whoever uses it
 */

export const STATE = "/var/lib/pulumi-multi-region-postgres/regions";
export const BRIDGE = "regions0";

// 198.18.0.0/15 is for benchmarks of networks (RFC 2544): nobody's own network uses it. The first /20 of it is the
// wire between the regions, and each region has the /20 of its number.
export const WIRE = "198.18.0.0/24";
export const HOST = "198.18.0.1";
export const MOST_REGIONS = 15;

const NAME = /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** @param {string} name */
export function isRegionName(name) {
  return NAME.test(name);
}

/**
 * @param {string} name
 * @param {number} number
 * @returns {Region}
 */
export function planRegion(name, number) {
  const folder = join(STATE, name);
  return {
    name,
    number,
    folder,
    namespace: `region-${name}`,
    link: `region${number}`,
    address: `198.18.0.${10 + number}`,
    hostname: `${name}.example.com`,
    pods: `198.18.${16 * number}.0/20`,
    services: `198.19.${16 * number}.0/20`,
    apiService: `198.19.${16 * number}.1`,
    cgroup: `/regions/${name}`,
    kubeconfig: join(folder, "kubeconfig"),
  };
}

/**
 * The lines of a hosts file that name regions.
 * @param {readonly Region[]} regions
 */
export function hostsLines(regions) {
  return regions.map(({ address, hostname }) => `${address} ${hostname}\n`).join("");
}
