// Runs the tests, all or those of the groups named, and ends with one line that counts them. Groups that need
// no Pulumi run while Pulumi is still being installed or built.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildRegions, haveRegions, missingForRegions, takeDownRegions } from "./test-regions.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const checks = {
  types: ["tsc", "-p", "tsconfig.json"],
  format: ["prettier", "--check", "--log-level=warn", "."],
  lint: ["eslint", "."],
  "dead exports": ["knip"],
  snippets: ["node", "tools/snippets.mjs"],
  package: ["publint", "--strict"],
  "types of the package": [
    "attw",
    "--pack",
    "--no-definitely-typed",
    "--no-summary",
    "--format",
    "table-flipped",
  ],
};

const help = `Runs the tests and prints, last of all, how many passed and failed.

  npm test                    the groups checks, unit, engine, local and regions
  npm test -- GROUP...        some groups: these, and local-long, clients, install, aws, tools, long
  npm test -- local -t TEXT   the tests of a group whose titles match TEXT

The groups regions, tools and long need Kubernetes clusters: they make rome, lisbon and dublin on this machine (see npm run
regions -- --help), or take yours: REGIONS=rome=/path/kubeconfig,lisbon=/path/kubeconfig,dublin=/path/kubeconfig
`;

const groups = {
  unit: { projects: ["unit", "bootstrap", "plugins"], pulumi: false },
  engine: { projects: ["engine"], pulumi: true },
  local: { projects: ["local"], pulumi: true },
  "local-long": { projects: ["local-long"], pulumi: true, onlyIfNamed: true },
  clients: { projects: ["clients"], pulumi: true, onlyIfNamed: true },
  install: { projects: ["install"], pulumi: true, onlyIfNamed: true },
  aws: { projects: ["aws"], pulumi: true, onlyIfNamed: true },
  regions: { projects: ["regions"], pulumi: true, clusters: true },
  tools: { projects: ["tools"], pulumi: true, clusters: true, onlyIfNamed: true },
  long: { projects: ["long"], pulumi: true, clusters: true, onlyIfNamed: true },
};

// Tests have all their files below this folder, so that what an interrupt leaves can be found.
const folder = mkdtempSync(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "topologies-"));
chmodSync(folder, 0o755); // root's servers run under an account of their own
const children = new Set();
const env = { ...process.env, TEST_FOLDER: folder };

let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) child.kill(signal);
    if (children.size === 0) process.exit(130);
  });
}
process.on("exit", sweep);

const { names, rest } = parse(process.argv.slice(2));
const total = { passed: 0, failed: 0, skipped: 0 };
const wanted = Object.keys(groups).filter((name) =>
  names.length === 0 ? !groups[name].onlyIfNamed : names.includes(name),
);
const needsPulumi = wanted.some((name) => groups[name].pulumi);
const prepared = needsPulumi ? run("node", ["tools/bootstrap.mjs"]) : Promise.resolve(0);
const needsClusters = wanted.some((name) => groups[name].clusters);
const regionsAreMissing = needsClusters ? await missingForRegions() : [];
// After Pulumi, which other tests wait for.
const regionsBuilt =
  needsClusters && regionsAreMissing.length === 0
    ? prepared.then(() => buildRegions(run, regionsWishes()))
    : Promise.resolve(0);

if (names.length === 0 || names.includes("checks")) {
  // Side by side: each keeps one core busy.
  await Promise.all(
    Object.entries(checks).map(async ([name, [program, ...args]]) =>
      count(await timed(`check: ${name}`, () => run(program, args))),
    ),
  );
}
await runTogether(["unit"], () => undefined);
await runTogether(["engine", "local", "local-long", "clients", "install", "aws"], pulumiProblem);
// Last, and not beside the others: clusters take a third of a small machine even where nothing is asked of them.
await runTogether(
  ["regions", "tools", "long"],
  async () => (await pulumiProblem()) ?? (await regionsProblem()),
);
await takeDownRegions();

console.log(
  `${total.passed} passed, ${total.failed} failed` + (total.skipped > 0 ? `, ${total.skipped} skipped` : ""),
);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function parse(args) {
  if (args.includes("--help")) {
    process.stdout.write(help);
    process.exit(0);
  }
  const options = args.findIndex((arg) => arg.startsWith("-"));
  const named = options < 0 ? args : args.slice(0, options);
  const unknown = named.filter((name) => name !== "checks" && !(name in groups));
  if (unknown.length > 0) {
    console.error(`no group of tests is called ${unknown.join(", ")}\n\n${help}`);
    process.exit(2);
  }
  return { names: named, rest: options < 0 ? [] : args.slice(options) };
}

async function runTogether(names, problemOf) {
  const together = names.filter((name) => wanted.includes(name));
  if (together.length === 0) return;
  const title = `tests: ${together.join(", ")}`;
  if (together.some((name) => groups[name].clusters) && regionsAreMissing.length > 0) {
    console.log(`\n── ${title}: not run.\n${regionsAreMissing.join("\n")}\nOr give your own: see --help.`);
    total.skipped++;
    return;
  }
  const problem = await problemOf();
  if (problem !== undefined) {
    console.error(`${title}: not run, because ${problem}`);
    count(1);
    return;
  }
  const projects = together.flatMap((name) => groups[name].projects);
  await timed(title, () =>
    runJest(
      projects,
      together.some((name) => groups[name].pulumi),
    ),
  );
}

async function pulumiProblem() {
  return (await prepared) === 0 ? undefined : "Pulumi could not be prepared";
}

async function regionsProblem() {
  if ((await regionsBuilt) !== 0) return "what regions are made of could not be built";
  env.REGIONS = await haveRegions(run, regionsWishes());
  return env.REGIONS === undefined ? "regions are not up" : undefined;
}

/** A region is slower to start with what backups need, and only the group long has some. */
function regionsWishes() {
  return wanted.includes("long") ? ["--backups"] : [];
}

async function timed(title, work) {
  const start = Date.now();
  console.log(`\n── ${title}`);
  const result = await work();
  console.log(`── ${title}: ${Math.round((Date.now() - start) / 1000)} s`);
  return result;
}

async function runJest(projects, pulumi) {
  const file = join(folder, `${projects.join("-")}.json`);
  // Jest would leave a core free, which is half of a small machine.
  const options = ["--maxWorkers=100%", "--json", `--outputFile=${file}`, ...rest];
  const needs = pulumi ? [] : ["--no-pulumi"];
  const jest = ["jest", "--selectProjects", ...projects, ...options];
  const code = await run("node", ["tools/bootstrap.mjs", "--no-build", ...needs, "--", ...jest]);
  if (!existsSync(file)) {
    count(code || 1);
    return;
  }
  const results = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  total.passed += results.numPassedTests;
  total.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  total.skipped += results.numPendingTests + results.numTodoTests;
  // Jest can fail without a test that fails: where there is none, for one, unless options have left none.
  const none = results.numTotalTestSuites === 0 && rest.length > 0;
  const told = results.numFailedTests + results.numRuntimeErrorTestSuites > 0;
  if (code !== 0 && !none && !told) count(code);
}

function count(code) {
  if (code === 0) total.passed++;
  else total.failed++;
}

/** Runs a program and gives its exit code. Jest prints its results as JSON too: that goes to a file alone. */
function run(program, args) {
  return new Promise((resolve) => {
    const stdout = args.includes("jest") ? "ignore" : "inherit";
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", stdout, "inherit"] });
    children.add(child);
    child.on("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => {
      children.delete(child);
      if (!interrupted) resolve(code ?? 1);
      // A provider notices within a second that its engine is gone; until then it may start a server.
      else if (children.size === 0) setTimeout(() => takeDownRegions().then(() => process.exit(130)), 1500);
    });
  });
}

/** Ends whoever tests have started and not ended: servers, and language hosts whose engine was killed. */
function sweep() {
  for (const pid of existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : []) {
    if (mentions(pid, "cmdline")) end(pid, "SIGQUIT");
    else if (mentions(pid, "environ")) end(pid, "SIGTERM");
  }
  rmSync(folder, { recursive: true, force: true });
}

function mentions(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").includes(folder);
  } catch {
    return false;
  }
}

function end(pid, signal) {
  try {
    process.kill(Number(pid), signal);
  } catch {
    // It has ended.
  }
}
