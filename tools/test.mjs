// Runs the tests, all or those of the groups named, and ends with one line that counts them. Groups that need
// no Pulumi run while Pulumi is still being installed or built.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const checks = {
  types: ["tsc", "-p", "tsconfig.json"],
  format: ["prettier", "--check", "--log-level=warn", "."],
  lint: ["eslint", "."],
  "dead exports": ["knip"],
};

const help = `Runs the tests and prints, last of all, how many passed and failed.

  npm test                    everything
  npm test -- GROUP...        some groups: ${["checks", "unit", "engine", "local"].join(", ")}
  npm test -- local -t TEXT   the tests of a group whose titles match TEXT
`;

const groups = {
  unit: { projects: ["unit", "bootstrap", "plugins"], pulumi: false },
  engine: { projects: ["engine"], pulumi: true },
  local: { projects: ["local"], pulumi: true },
};

// Servers of the tests have their data below this folder, so that what an interrupt leaves can be found.
const dataFolder = mkdtempSync(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "topologies-"));
chmodSync(dataFolder, 0o755); // root's servers run under an account of their own
const children = new Set();
const env = { ...process.env, TEST_DATA_FOLDER: dataFolder };

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    for (const child of children) child.kill("SIGTERM");
    process.exit(130);
  });
}
process.on("exit", sweep);

const { names, rest } = parse(process.argv.slice(2));
const total = { passed: 0, failed: 0, skipped: 0 };
const wanted = Object.keys(groups).filter((name) => names.length === 0 || names.includes(name));
const needsPulumi = wanted.some((name) => groups[name].pulumi);
const prepared = needsPulumi ? run("node", ["tools/bootstrap.mjs"]) : Promise.resolve(0);

if (names.length === 0 || names.includes("checks")) {
  for (const [name, [program, ...args]] of Object.entries(checks)) {
    count(await timed(`check: ${name}`, () => run(program, args)));
  }
}
for (const name of wanted) {
  if (groups[name].pulumi && (await prepared) !== 0) {
    console.error(`${name}: not run, because Pulumi could not be prepared`);
    count(1);
    continue;
  }
  await timed(`tests: ${name}`, () => runJest(groups[name]));
}

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

async function timed(title, work) {
  const start = Date.now();
  console.log(`\n── ${title}`);
  const result = await work();
  console.log(`── ${title}: ${Math.round((Date.now() - start) / 1000)} s`);
  return result;
}

async function runJest({ projects, pulumi }) {
  const file = join(dataFolder, "results.json");
  const jest = ["jest", "--selectProjects", ...projects, "--json", `--outputFile=${file}`, ...rest];
  const code = await (pulumi
    ? run("node", ["tools/bootstrap.mjs", "--no-build", "--", ...jest])
    : run(jest[0], jest.slice(1)));
  if (!existsSync(file)) {
    count(code || 1);
    return;
  }
  const results = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  total.passed += results.numPassedTests;
  total.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  total.skipped += results.numPendingTests + results.numTodoTests;
}

function count(code) {
  if (code === 0) total.passed++;
  else total.failed++;
}

/** Runs a program and gives its exit code. Jest prints its results as JSON too: that goes to a file alone. */
function run(program, args) {
  return new Promise((resolve) => {
    const stdout = program === "jest" || args.includes("jest") ? "ignore" : "inherit";
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", stdout, "inherit"] });
    children.add(child);
    child.on("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Ends the servers that tests have started and not ended, by their own word of who they are. */
function sweep() {
  for (const name of readdirSync(dataFolder, { recursive: true })) {
    if (name.endsWith("postmaster.pid")) {
      const [pid, data] = readFileSync(join(dataFolder, name), "utf8").split("\n");
      endServer(Number(pid), data);
    }
  }
  rmSync(dataFolder, { recursive: true, force: true });
}

function endServer(pid, data) {
  try {
    const command = existsSync("/proc") ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : data;
    if (command.includes(data)) process.kill(pid, "SIGQUIT");
  } catch {
    // It has ended.
  }
}
