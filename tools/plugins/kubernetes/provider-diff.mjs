// @ts-check
import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../lib/values.mjs";
import { activeCluster, parseKubeconfig } from "./kubeconfig.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

const LEADING_TO_THE_CLUSTER = ["kubeconfig", "context", "cluster"];

/**
 * What a change of the provider's own inputs means: its replacement, and with it that of all its resources, or
 * an update that leaves them alone.
 * @param {Properties} olds
 * @param {Properties} news
 * @returns {{ changed: string[], replaces: string[] }}
 */
export function diffProvider(olds, news) {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  const changed = keys.filter((key) => !isDeepStrictEqual(olds[key], news[key]));
  if (changed.length === 0) {
    return { changed, replaces: [] };
  }
  const { clusterIdentifier: before } = olds;
  const { clusterIdentifier: after } = news;
  const diff = diffByCluster(olds, news, changed);
  if (before === undefined || after === undefined) {
    // The identifier can be introduced and given up again without any consequence.
    return diff;
  }
  return before === after
    ? { ...diff, replaces: [] }
    : { ...diff, replaces: ["clusterIdentifier", ...diff.replaces] };
}

/**
 * @param {Properties} olds
 * @param {Properties} news
 * @param {string[]} changed
 */
function diffByCluster(olds, news, changed) {
  // What is not known yet may lead to another cluster.
  const unknown = LEADING_TO_THE_CLUSTER.find((key) => news[key] === UNKNOWN);
  if (unknown !== undefined) {
    return { changed: [unknown], replaces: [unknown] };
  }
  const [oldCluster, newCluster] = [olds, news].map(clusterOf);
  const moved =
    oldCluster !== undefined && newCluster !== undefined && !isDeepStrictEqual(oldCluster, newCluster);
  const leading = moved ? changed.filter((key) => LEADING_TO_THE_CLUSTER.includes(key)) : [];
  return { changed, replaces: [...changed.filter((key) => key === "renderYamlToDirectory"), ...leading] };
}

/** @param {Properties} inputs */
function clusterOf({ kubeconfig, context, cluster }) {
  if (kubeconfig === undefined || kubeconfig === "") {
    return undefined;
  }
  try {
    const text = typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig);
    return activeCluster(parseKubeconfig(text), { context, cluster });
  } catch (error) {
    throw new Error(`failed to parse kubeconfig: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
