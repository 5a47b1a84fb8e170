import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { processesWith } from "./processes";
import { state } from "./regions";

const run = promisify(execFile);

/** The processes that work in the folders of regions. */
export async function processesOf(regions: readonly string[]): Promise<number[]> {
  const each = regions.map((region) => processesWith(`${state}/${region}`, "cmdline"));
  return (await Promise.all(each)).flatMap((processes) => [...processes.keys()]).sort();
}

/** Whatever regions have outside of themselves. */
export async function traces(regions: readonly string[]) {
  const { stdout: links } = await run("ip", ["-brief", "link"]);
  const { stdout: rules } = await run("iptables-save");
  const { stdout: groups } = await run("find", ["/sys/fs/cgroup", "-path", "*/regions/*"]);
  return {
    processes: await processesOf(regions),
    links: links.split("\n").map((line) => line.split(/[@ ]/)[0]),
    namespaces: existsSync("/run/netns") ? (await readdir("/run/netns")).sort() : [],
    rules: rules.split("\n").filter((line) => line.startsWith("-A")),
    mounts: (await readFile("/proc/self/mountinfo", "utf8")).split("\n").length,
    groups: groups
      .split("\n")
      .filter((path) => regions.some((region) => path.endsWith(`/regions/${region}`))),
    hosts: await readFile("/etc/hosts", "utf8"),
    folders: regions.filter((region) => existsSync(`${state}/${region}`)),
  };
}
