import { existsSync } from "node:fs";
import { join } from "node:path";

import { Checkout } from "./checkout";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const INSTALL = "npm ci --no-audit --no-fund --include=dev";
const BUILD = "npm run --silent build";

/** Runs the script `prepare` as npm does in one of its commands. */
async function prepareIn(npm_command: string, environment: NodeJS.ProcessEnv = {}) {
  const ended = await checkout.start([], { npm_command, ...environment }, "prepare.mjs").ended;
  return { ...ended, calls: checkout.takeCalls() };
}

async function bootstrap() {
  const { code } = await checkout.run(["--no-pulumi", "--", "sh", "-c", ":"]);
  expect(code).toBe(0);
  return checkout.takeCalls();
}

const installed = () => checkout.write("node_modules/typescript/package.json", "{}");

test.each(["ci", "install"])(
  "npm %s builds dist/, and the bootstrap neither installs nor builds again",
  async (command) => {
    installed();
    expect((await prepareIn(command)).calls).toEqual([BUILD]);
    expect(await bootstrap()).toEqual([]);
  },
);

test("npm pack in a fresh clone installs and builds, and the next one does neither", async () => {
  expect((await prepareIn("pack")).calls).toEqual([INSTALL, BUILD]);
  expect((await prepareIn("pack")).calls).toEqual([]);
});

test("npm pack --dry-run hands its option on to no npm", async () => {
  checkout.program(
    "npm",
    `echo "npm $1 dry=$npm_config_dry_run" >> ${join(checkout.base, "calls")}; mkdir -p node_modules dist`,
  );
  const { calls } = await prepareIn("pack", { npm_config_dry_run: "true" });
  expect(calls[0]).toBe("npm ci dry=");
});

test("npm ci without devDependencies says that dist/ is not built, and how to build it", async () => {
  const { code, stderr, calls } = await prepareIn("ci");
  expect({ code, calls }).toEqual({ code: 0, calls: [] });
  expect(stderr).toContain("dist/ is not built, because the devDependencies are not installed");
  expect(await bootstrap()).toEqual([INSTALL, BUILD]);
});

test("npm ci of a bootstrap leaves the build to that bootstrap", async () => {
  checkout.program(
    "npm",
    `echo "npm $1" >> ${join(checkout.base, "calls")}; mkdir -p node_modules/typescript
     case "$1" in ci) npm_command=ci node tools/prepare.mjs ;; run) mkdir -p dist ;; esac`,
  );
  expect(await bootstrap()).toEqual(["npm ci", "npm run"]);
});

test("a build that fails fails npm pack", async () => {
  installed();
  checkout.program("npm", "[ $1 = run ] && exit 2; mkdir -p node_modules");
  expect((await prepareIn("pack")).code).toBe(1);
});

test("a build keeps no file whose source is gone", async () => {
  checkout.write("dist/gone.js", "");
  await prepareIn("pack");
  expect(existsSync(join(checkout.root, "dist/gone.js"))).toBe(false);
});
