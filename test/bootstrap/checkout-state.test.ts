import { rmSync } from "node:fs";
import { join } from "node:path";

import { Checkout } from "./checkout";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const INSTALL = "npm ci --no-audit --no-fund --include=dev";
const BUILD = "npm run --silent build";

async function prepare(...options: string[]): Promise<string[]> {
  const ended = await checkout.run(["--no-pulumi", ...options, "--", "sh", "-c", ":"]);
  expect(ended.code).toBe(0);
  return checkout.takeCalls();
}

test("--help tells the options and prepares nothing", async () => {
  const { code, stdout, stderr } = await checkout.run(["--help"]);
  expect(code).toBe(0);
  for (const option of ["--no-pulumi", "--no-build", "--retry", "--help"]) expect(stdout).toContain(option);
  expect(stderr).toBe("");
  expect(checkout.takeCalls()).toEqual([]);
});

test("an unknown option is refused, with the way to pass it to the command", async () => {
  const { code, stderr } = await checkout.run(["--watch"]);
  expect(code).toBe(2);
  expect(stderr).toContain('Unknown option --watch: the command goes after "--"');
});

test("a fresh clone is installed and built, and the second run does and says nothing", async () => {
  expect(await prepare()).toEqual([INSTALL, BUILD]);
  const warm = await checkout.run(["--no-pulumi", "--", "sh", "-c", ":"]);
  expect(checkout.takeCalls()).toEqual([]);
  expect(warm.stderr).toBe("");
  console.info(`A warm run took ${warm.milliseconds} ms.`);
});

test("a changed lock file installs, a changed source builds, and nothing more", async () => {
  await prepare();
  checkout.write("package-lock.json", '{ "changed": true }');
  expect(await prepare()).toEqual([INSTALL]);
  checkout.write("src/deep/new.ts", "export {};");
  expect(await prepare()).toEqual([BUILD]);
  rmSync(join(checkout.root, "src/deep/new.ts"));
  expect(await prepare()).toEqual([BUILD]);
  checkout.write("tsconfig.build.json", "{}");
  expect(await prepare()).toEqual([BUILD]);
  checkout.write("package.json", '{ "name": "renamed" }');
  expect(await prepare()).toEqual([INSTALL, BUILD]);
});

test("the same content written again is not a change", async () => {
  await prepare();
  checkout.write("src/index.ts", "export {};");
  expect(await prepare()).toEqual([]);
});

test("what was deleted is made again", async () => {
  await prepare();
  rmSync(join(checkout.root, "dist"), { recursive: true });
  expect(await prepare()).toEqual([BUILD]);
  rmSync(join(checkout.root, "node_modules"), { recursive: true });
  expect(await prepare()).toEqual([INSTALL]);
});

test("--no-build leaves dist/ alone", async () => {
  expect(await prepare("--no-build")).toEqual([INSTALL]);
});

test("a failing npm is shown in full, and tried again the next time", async () => {
  checkout.program("npm", "echo 'npm error: the registry said no' >&2; exit 7");
  for (const attempt of [1, 2]) {
    const { code, stderr } = await checkout.run(["--no-pulumi", "--", "sh", "-c", `echo ${attempt}`]);
    expect(code).toBe(1);
    expect(stderr).toContain("npm ci --no-audit --no-fund --include=dev ended with exit code 7");
    expect(stderr).toContain("npm error: the registry said no");
  }
});

test("two at once install once", async () => {
  checkout.program(
    "npm",
    `echo "npm $1" >> ${join(checkout.base, "calls")}; sleep 0.5; mkdir -p node_modules dist`,
  );
  const both = await Promise.all([1, 2].map(() => checkout.run(["--no-pulumi", "--", "sh", "-c", ":"])));
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(checkout.takeCalls()).toEqual(["npm ci", "npm run"]);
  expect(both.map(({ stderr }) => stderr).join()).toContain(
    "Waiting for another bootstrap, which is busy with node_modules.",
  );
});

test("HOME may be empty or unset", async () => {
  await prepare();
  for (const HOME of ["", undefined]) {
    const { code, stdout } = await checkout.run(["--no-pulumi", "--", "sh", "-c", "echo home=$HOME"], {
      HOME,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^home=\/\S*\n$/);
  }
});

test("a Node.js that is too old and a missing npm are named together, with the commands that get them", async () => {
  checkout.write("package.json", '{ "engines": { "node": ">=99.1" } }');
  rmSync(join(checkout.bin, "npm"));
  const { code, stderr } = await checkout.run(["--no-pulumi"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Node\.js 99\.1 or newer is needed, this is v\d+.*To get it: \w+/);
  expect(stderr).toMatch(/npm is needed and not on PATH.*To get it: \w+/);
});
