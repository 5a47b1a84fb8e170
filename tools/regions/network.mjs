// @ts-check
// The wire between the regions: a bridge of the host, and a namespace for each region.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Stop } from "../bootstrap/exit.mjs";
import { run as runProgram } from "../bootstrap/process.mjs";
import { BRIDGE, HOST, hostsLines, WIRE } from "./plan.mjs";

/** @typedef {import("./plan.mjs").Region} Region */

const HOSTS = "/etc/hosts";
const [HOSTS_START, HOSTS_END] = ["# regions of pulumi-multi-region-postgres", "# end of these regions"];

// Where Docker has closed the host for forwarding, a bridge is closed with it.
const FORWARDING = ["FORWARD", "-i", BRIDGE, "-o", BRIDGE, "-j", "ACCEPT"];

/** Each takes a moment, and some clean up after an interrupt. @param {string} program @param {string[]} args */
const run = (program, args) => runProgram(program, args, { uninterruptible: true });

/** @param {...string} args */
const ip = (...args) => run("ip", args);

/** @param {Region} region @param {...string} command */
const inside = ({ namespace }, ...command) => run("ip", ["netns", "exec", namespace, ...command]);

/** @param {Promise<unknown>} work */
const succeeds = (work) =>
  work.then(
    () => true,
    () => false,
  );

export async function ensureBridge() {
  if (!existsSync(`/sys/class/net/${BRIDGE}`)) {
    await ip("link", "add", BRIDGE, "type", "bridge");
    await ip("address", "add", `${HOST}/${prefixOf(WIRE)}`, "dev", BRIDGE);
  }
  await ip("link", "set", BRIDGE, "up");
  if (!(await succeeds(run("iptables", ["-C", ...FORWARDING])))) {
    await run("iptables", ["-I", ...FORWARDING]);
  }
}

export async function removeBridge() {
  while (await succeeds(run("iptables", ["-D", ...FORWARDING])));
  if (existsSync(`/sys/class/net/${BRIDGE}`)) await ip("link", "delete", BRIDGE);
}

/**
 * Gives a region a namespace that nobody has used, and a wire to the bridge.
 * @param {Region} region
 */
export async function connect(region) {
  const { namespace, link, address, number } = region;
  await disconnect(region);
  await ip("netns", "add", namespace);
  await ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
  await ip("link", "set", link, "master", BRIDGE, "up");
  await inside(region, "ip", "link", "set", "lo", "up");
  await inside(region, "ip", "link", "set", "eth0", "address", macOf(number), "up");
  await inside(region, "ip", "address", "add", `${address}/${prefixOf(WIRE)}`, "dev", "eth0");
  await inside(region, "ip", "route", "add", "default", "via", HOST);
  await inside(region, "sysctl", "-qw", "net.ipv4.ip_forward=1");
}

/** The same address on the wire at every start: nobody else's memory of it is out of date. @param {number} number */
function macOf(number) {
  return `02:00:c6:12:00:${(10 + number).toString(16).padStart(2, "0")}`;
}

/** @param {Region} region */
export async function disconnect({ namespace, link }) {
  if (existsSync(`/sys/class/net/${link}`)) await ip("link", "delete", link);
  if (existsSync(`/run/netns/${namespace}`)) await ip("netns", "delete", namespace);
}

/** @param {Region} region */
export async function unplug({ link }) {
  if (existsSync(`/sys/class/net/${link}`)) await ip("link", "set", link, "down");
}

/**
 * Each drops what comes from the other, as if the wire between them were cut: nobody is told.
 * @param {Region} one
 * @param {Region} other
 */
export async function partition(one, other) {
  for (const [here, there] of pairs(one, other)) {
    if (!(await isCut(here, there))) await inside(here, "iptables", "-t", "raw", "-A", ...dropOf(there));
  }
}

/** @param {Region} one @param {Region} other */
export async function join(one, other) {
  for (const [here, there] of pairs(one, other)) {
    while (await isCut(here, there)) await inside(here, "iptables", "-t", "raw", "-D", ...dropOf(there));
  }
}

/** @param {Region} here @param {Region} there */
export function isCut(here, there) {
  return succeeds(inside(here, "iptables", "-t", "raw", "-C", ...dropOf(there)));
}

/** @param {Region} there */
const dropOf = (there) => ["PREROUTING", "-s", there.address, "-j", "DROP"];

/** @param {Region} one @param {Region} other */
const pairs = (one, other) =>
  /** @type {const} */ ([
    [one, other],
    [other, one],
  ]);

/**
 * Packets from one to the other and back take so much longer, half of it each way.
 * @param {Region} one
 * @param {Region} other
 * @param {number} milliseconds 0 takes the delay away
 */
export async function delay(one, other, milliseconds) {
  for (const [here, there] of pairs(one, other)) {
    const tc = (/** @type {string[]} */ ...args) => inside(here, "tc", ...args);
    const [handle, band] = [`${there.number + 1}:`, `1:${(there.number + 1).toString(16)}`];
    try {
      await succeeds(tc("qdisc", "add", "dev", "eth0", "root", "handle", "1:", "htb"));
      await succeeds(
        tc("class", "add", "dev", "eth0", "parent", "1:", "classid", band, "htb", "rate", "10gbit"),
      );
      await tc(
        ...["qdisc", "replace", "dev", "eth0", "parent", band, "handle", handle],
        ...["netem", "delay", `${milliseconds / 2}ms`],
      );
    } catch (error) {
      await succeeds(tc("qdisc", "delete", "dev", "eth0", "root"));
      const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : error;
      throw new Stop(`This kernel cannot delay packets: it needs sch_netem and sch_htb (${reason}).`);
    }
    const filter = ["dev", "eth0", "parent", "1:", "protocol", "ip", "prio", String(there.number)];
    await succeeds(tc("filter", "delete", ...filter));
    await tc("filter", "add", ...filter, "u32", "match", "ip", "dst", `${there.address}/32`, "flowid", band);
  }
}

/**
 * The host knows the regions by their names as they know each other.
 * @param {readonly Region[]} regions
 */
export function nameOnHost(regions) {
  const text = readFileSync(HOSTS, "utf8");
  const ours = new RegExp(`\\n?${HOSTS_START}\\n[\\s\\S]*?${HOSTS_END}\\n`, "g");
  const others = text.replace(ours, "");
  const block = `\n${HOSTS_START}\n${hostsLines(regions)}${HOSTS_END}\n`;
  const wanted = regions.length === 0 ? others : others + block;
  // In place: in a container the file is a mount, which no rename can replace.
  if (wanted !== text) writeFileSync(HOSTS, wanted);
}

/** @param {string} range */
const prefixOf = (range) => range.split("/")[1];
