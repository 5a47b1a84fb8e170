#!/usr/bin/env node
// @ts-check
// Real Kubernetes regions on this machine: see `--help`.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { settleHome } from "../bootstrap/cache.mjs";
import { runCommand } from "../bootstrap/command.mjs";
import { exitWith, Stop, untilInterrupted } from "../bootstrap/exit.mjs";
import { run } from "../bootstrap/process.mjs";
import { speakAs } from "../bootstrap/progress.mjs";
import { ensureBinaries } from "./build/binaries.mjs";
import { delay, isCut, join as rejoin, partition } from "./network.mjs";
import { isRegionName } from "./plan.mjs";
import { initOf, kill, knownRegion, knownRegions } from "./region.mjs";
import { build, down, up } from "./regions.mjs";

/** @typedef {import("./plan.mjs").Region} Region */

/** @param {readonly Region[]} regions */
function showConnections(regions) {
  for (const { name, address, hostname, kubeconfig } of regions) {
    console.log(`${name.padEnd(20)} ${address.padEnd(14)} ${hostname.padEnd(32)} ${kubeconfig}`);
  }
  const list = regions.map(({ name, kubeconfig }) => `${name}=${kubeconfig}`).join(",");
  if (regions.length > 0) console.log(`\nexport REGIONS=${list}`);
}

async function showStatus() {
  const regions = knownRegions();
  if (regions.length === 0)
    console.log("There is no region. To make some: npm run regions -- up rome lisbon dublin");
  for (const region of regions) {
    const cut = [];
    const running = initOf(region) !== undefined;
    for (const other of running ? regions : []) if (await isCut(region, other)) cut.push(other.name);
    const state = running
      ? cut.length > 0
        ? `running, cut off from ${cut.join(", ")}`
        : "running"
      : "killed";
    console.log(
      `${region.name.padEnd(20)} ${region.address.padEnd(14)} ${state.padEnd(32)} ${region.kubeconfig}`,
    );
  }
}

/** The components of a region that keep a log. @param {Region} region */
function logsOf({ folder }) {
  return readdirSync(join(folder, "log"))
    .filter((file) => file.endsWith(".log"))
    .map((file) => basename(file, ".log"));
}

/** @param {Region} region @param {readonly string[]} args */
async function kubectl({ kubeconfig }, args) {
  const { kubectl: program } = await ensureBinaries();
  await runCommand([program, `--kubeconfig=${kubeconfig}`, ...args], process.env);
}

/** @param {Region} region @param {string | undefined} cluster @param {readonly string[]} args */
async function psql(region, cluster, args) {
  const { kubectl: program } = await ensureBinaries();
  const primaries = await run(program, [
    `--kubeconfig=${region.kubeconfig}`,
    ...["get", "pods", "--all-namespaces"],
    `--selector=cnpg.io/instanceRole=primary${cluster === undefined ? "" : `,cnpg.io/cluster=${cluster}`}`,
    '--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
  ]);
  const [only, ...others] = primaries.split("\n").filter(Boolean);
  if (only === undefined) throw new Stop(`${region.name} has no running cluster of CloudNativePG.`);
  if (others.length > 0) {
    throw new Stop(`${region.name} has several: name one with --cluster.\n${primaries.trim()}`);
  }
  const [namespace, pod] = only.split("/");
  const terminal = process.stdin.isTTY ? ["--tty"] : [];
  const exec = ["exec", `--namespace=${namespace}`, pod, "--container=postgres", "--stdin", ...terminal];
  await kubectl(region, [...exec, "--", "psql", ...args]);
}

/** @param {string} text */
function regionName(text) {
  if (isRegionName(text)) return text;
  throw new InvalidArgumentError(
    "It must start with a letter, consist of lower-case letters, digits and hyphens, and have 20 of them at most.",
  );
}

/** @param {string} text @param {string[]} others */
const regionNames = (text, others = []) => [...new Set([...others, regionName(text)])];

/** @param {string} text */
function milliseconds(text) {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number of milliseconds, at most 99999.");
}

const region = /** @type {const} */ (["<name>", "which region"]);
const backups = /** @type {const} */ ([
  "--backups",
  "with CloudNativePG's plugin barman-cloud, and the image of an object store",
]);

const program = new Command("regions")
  .description(
    "Real Kubernetes regions on this Linux machine, as root: each is a whole node, with the CloudNativePG operator, " +
      "in a network namespace of its own. What it takes is built from pinned sources and kept in the cache.",
  )
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("up")
  .description("makes regions, or starts what is not there of them, and waits until they are ready")
  .argument("<names...>", "such as rome lisbon dublin", regionNames)
  .option(...backups)
  .action(async (/** @type {string[]} */ names, wishes) => showConnections(await up(names, wishes)));
program
  .command("build")
  .description("makes what regions are made of, which `up` does too")
  .option(...backups)
  .action(async (wishes) => void (await build(wishes)));
program
  .command("down")
  .description("takes regions away with all their data: all, or those that are named")
  .argument("[names...]", "which of them")
  .action((/** @type {string[]} */ names) =>
    down(names.length > 0 ? names.map(knownRegion) : knownRegions()),
  );
program.command("status").description("tells which regions there are").action(showStatus);
program
  .command("kill")
  .description("ends all processes of a region at once and takes its link down, as a power cut does")
  .argument(...region)
  .action((name) => kill(knownRegion(name)));
program
  .command("heal")
  .description("brings a region back that was killed, with its volumes")
  .argument(...region)
  .action(async (name) => showConnections(await up([knownRegion(name).name])));
program
  .command("partition")
  .description("cuts the wire between two regions; the host sees both")
  .argument(...region)
  .argument("<other>", "from which")
  .action((one, other) => partition(knownRegion(one), knownRegion(other)));
program
  .command("join")
  .description("mends the wire between two regions")
  .argument(...region)
  .argument("<other>", "with which")
  .action((one, other) => rejoin(knownRegion(one), knownRegion(other)));
program
  .command("delay")
  .description("makes a round trip between two regions longer, if the kernel can; 0 takes it back")
  .argument(...region)
  .argument("<other>", "to which and back")
  .argument("<milliseconds>", "by how much", milliseconds)
  .action((one, other, time) => delay(knownRegion(one), knownRegion(other), time));
program
  .command("logs")
  .description("shows the log of a component of a region, or which there are")
  .argument(...region)
  .argument("[component]", "such as kubelet")
  .option("-f, --follow", "goes on as it grows")
  .action(async (name, component, { follow }) => {
    const known = knownRegion(name);
    const names = logsOf(known);
    if (component === undefined) return console.log(names.join("\n"));
    if (!names.includes(component))
      throw new Stop(`No component is called ${component}: there are ${names.join(", ")}`);
    const file = join(known.folder, "log", `${component}.log`);
    await runCommand(["tail", ...(follow ? ["-F"] : []), "-n", follow ? "100" : "+1", file], process.env);
  });
program
  .command("kubeconfig")
  .description("tells the path of a region's kubeconfig")
  .argument(...region)
  .action((name) => console.log(knownRegion(name).kubeconfig));
program
  .command("kubectl")
  .description("runs kubectl in a region")
  .argument(...region)
  .argument("[arguments...]", "of kubectl")
  .passThroughOptions()
  .action((name, args) => kubectl(knownRegion(name), args));
program
  .command("psql")
  .description("opens psql in the instance of a region that its CloudNativePG cluster calls primary")
  .argument(...region)
  .argument("[arguments...]", "of psql")
  .option("--cluster <name>", "which cluster, where the region has several")
  .passThroughOptions()
  .action((name, args, { cluster }) => psql(knownRegion(name), cluster, args));

settleHome();
speakAs("regions");
try {
  const [, , command = ""] = process.argv;
  // What hands over to another program leaves the signals to that program.
  const handsOver = ["logs", "kubectl", "psql"].includes(command);
  await (handsOver ? program.parseAsync() : untilInterrupted(() => program.parseAsync()));
} catch (error) {
  exitWith(error);
}
