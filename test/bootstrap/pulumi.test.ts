import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { Checkout, isRunning, pinnedVersion } from "./checkout";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const VERSION = pinnedVersion();
const ENVIRONMENT = 'pulumi version; echo "$PULUMI_HOME $PULUMI_SKIP_UPDATE_CHECK"';
const prepared = () => checkout.run(["--", "sh", "-c", ENVIRONMENT]);
const inCache = () => (existsSync(checkout.cache) ? readdirSync(checkout.cache).sort() : []);

describe("where the download host is out of reach", () => {
  test("a missing Go is named with the command that gets it, before anything is installed", async () => {
    const { code, stderr } = await prepared();
    expect(code).toBe(1);
    expect(stderr).toMatch(/Go 1\.26 or newer is needed, which is not on PATH.*To get it: \w+/);
    expect(stderr).toContain("curl -fsSL https://get.pulumi.com | sh");
    expect(checkout.takeCalls()).toEqual([]);
  });

  test("an old Go and an old Node.js are named together", async () => {
    checkout.program("go", "echo go1.19.8");
    checkout.write("package.json", '{ "engines": { "node": ">=99" } }');
    const { stderr } = await prepared();
    expect(stderr).toContain("Node.js 99 or newer is needed");
    expect(stderr).toContain("Go 1.26 or newer is needed, this is 1.19.8");
  });

  test("Pulumi is built once, beside its launchers, and found again without asking anyone", async () => {
    checkout.fakeGo();
    const cold = await prepared();
    expect(cold.stderr).toContain("Pulumi is built from its Go modules");
    expect(cold.code).toBe(0);
    expect(checkout.takeCalls().filter((call) => call.startsWith("go"))).toEqual(["go build", "go build"]);
    const [engine] = inCache().filter((name) => name.startsWith("engine-"));
    expect(readdirSync(join(checkout.cache, engine!)).sort()).toEqual([
      "pulumi",
      "pulumi-analyzer-policy",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);

    rmSync(join(checkout.bin, "go"));
    const warm = await prepared();
    expect(warm.stdout).toBe(cold.stdout);
    expect(warm.stdout).toMatch(new RegExp(`^v${VERSION}\n`));
    expect(warm.stderr).toBe("");
    console.info(`A warm run with Pulumi took ${warm.milliseconds} ms.`);
  });

  test("other pinned modules are another engine", async () => {
    checkout.fakeGo();
    await prepared();
    const sums = join(checkout.root, "tools/engine/language-host/go.sum");
    writeFileSync(sums, `${readFileSync(sums, "utf8")}\n`);
    await prepared();
    expect(inCache().filter((name) => name.startsWith("engine-"))).toHaveLength(2);
  });

  test("two at once build once", async () => {
    checkout.fakeGo({ before: "sleep 0.4" });
    const both = await Promise.all([prepared(), prepared()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(checkout.takeCalls().filter((call) => call.startsWith("go"))).toHaveLength(2);
  });

  test("an interrupted build leaves nothing behind, neither in the cache nor running", async () => {
    const pid = join(checkout.base, "pid");
    checkout.fakeGo({ before: `sleep 60 & echo $! > ${pid}; echo compiling >&2; touch ${pid}.ready; wait` });
    const running = checkout.start(["--", "sh", "-c", "echo never"]);
    await running.wrote("Building the Pulumi CLI");
    while (!existsSync(`${pid}.ready`)) await new Promise((resolve) => setTimeout(resolve, 20));
    running.process.kill("SIGINT");
    const { signal, stdout, stderr } = await running.ended;
    expect(signal).toBe("SIGINT");
    expect(stdout).toBe("");
    expect(stderr).toContain("Interrupted");
    expect(inCache()).toEqual(["remembered.json"]);
    expect(isRunning(readFileSync(pid, "utf8").trim())).toBe(false);
  });

  test("the lock and half a build of a bootstrap that was killed do not stay in the way", async () => {
    checkout.fakeGo();
    await prepared();
    const [engine] = inCache().filter((name) => name.startsWith("engine-"));
    const folder = join(checkout.cache, engine!);
    rmSync(folder, { recursive: true });
    mkdirSync(`${folder}.tmp-1`);
    writeFileSync(`${folder}.lock`, "1@elsewhere");
    utimesSync(`${folder}.lock`, 0, 0);
    expect((await prepared()).code).toBe(0);
    expect(inCache().filter((name) => name.startsWith("engine-"))).toEqual([engine]);
  });

  test("a failing build shows what go said, and is not taken for a Pulumi", async () => {
    checkout.fakeGo({ before: "echo 'verifying module: checksum mismatch' >&2; exit 1" });
    const { code, stderr } = await prepared();
    expect(code).toBe(1);
    expect(stderr).toContain("checksum mismatch");
    expect(inCache()).toEqual(["remembered.json"]);
  });

  test("a Pulumi that tells another version than the pinned one is refused", async () => {
    checkout.fakeGo({ version: "3.0.0" });
    const { code, stderr } = await prepared();
    expect(code).toBe(1);
    expect(stderr).toContain(`it should be ${VERSION}, it says 3.0.0`);
  });

  test("stand-ins replace every plugin as soon as one is missing, and all are named", async () => {
    checkout.fakeGo();
    await checkout.run(["--no-pulumi"]);
    for (const name of ["aws", "kubernetes", "random", "tls"]) {
      checkout.write(`node_modules/@pulumi/${name}/package.json`, '{ "version": "1.2.3" }');
    }
    const real = join(checkout.home, ".pulumi/plugins/resource-random-v1.2.3");
    mkdirSync(real, { recursive: true });
    writeFileSync(join(real, "pulumi-resource-random"), "");
    expect((await prepared()).stderr).toContain(
      "replace the provider plugins aws, kubernetes, random and tls, because the download host",
    );
  });

  test("stand-ins get a PULUMI_HOME of their own, and one sentence says so each time", async () => {
    checkout.fakeGo();
    await checkout.run(["--no-pulumi"]);
    checkout.write("node_modules/@pulumi/random/package.json", '{ "version": "4.21.2" }');
    for (const { stdout, stderr } of [await prepared(), await prepared()]) {
      expect(stdout).toMatch(new RegExp(`${checkout.cache}/stand-ins-\\w+ true\n$`));
      expect(stderr.match(/Stand-ins of this project/g)).toHaveLength(1);
      expect(stderr).toContain(
        "provider plugins random, because the download host of Pulumi is out of reach",
      );
    }
    const real = join(checkout.home, ".pulumi/plugins/resource-random-v4.21.2");
    mkdirSync(real, { recursive: true });
    writeFileSync(join(real, "pulumi-resource-random"), "");
    const { stdout, stderr } = await prepared();
    expect(stdout).toBe(`v${VERSION}\n true\n`);
    expect(stderr).toBe("");
  });
});

describe("where the download host answers", () => {
  let server: Server;
  let asked: string[];
  beforeEach(async () => {
    const release = join(checkout.base, "pulumi");
    mkdirSync(release);
    for (const name of ["pulumi", "pulumi-language-nodejs"]) {
      writeFileSync(
        join(release, name),
        `#!/bin/sh\necho "$@" >> ${checkout.base}/pulumi-calls\necho v${VERSION}\n`,
      );
      chmodSync(join(release, name), 0o755);
    }
    execFileSync("tar", ["-czf", "release.tar.gz", "pulumi"], { cwd: checkout.base });
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(request.method === "HEAD" ? "" : readFileSync(join(checkout.base, "release.tar.gz")));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    checkout.environment.PULUMI_RELEASES_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  test("the release is downloaded once, the plugins are installed in the home of the user", async () => {
    await checkout.run(["--no-pulumi"]);
    checkout.write("node_modules/@pulumi/tls/package.json", '{ "version": "5.6.1" }');
    const first = await prepared();
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(`v${VERSION}\n true\n`);
    const archive = `/pulumi-v${VERSION}-${process.platform}-${process.arch}.tar.gz`;
    expect(asked).toEqual([`HEAD ${archive}`, `GET ${archive}`]);
    expect(readFileSync(join(checkout.base, "pulumi-calls"), "utf8")).toContain(
      "plugin install resource tls 5.6.1",
    );
    await prepared();
    expect(asked).toHaveLength(2);
  });

  test("a release that does not arrive whole is not kept, and Pulumi is built instead", async () => {
    checkout.fakeGo();
    writeFileSync(join(checkout.base, "release.tar.gz"), "not an archive");
    const { code, stderr } = await prepared();
    expect(code).toBe(0);
    expect(stderr).toContain("The release could not be had");
    expect(inCache().filter((name) => /^(release|engine)/.test(name))).toEqual([
      expect.stringMatching(/^engine-\w+$/),
    ]);
  });

  test("an answer of no is kept for a day, unless --retry asks", async () => {
    const yes = checkout.environment.PULUMI_RELEASES_URL;
    mkdirSync(checkout.cache, { recursive: true });
    const write = (asked: Date) =>
      writeFileSync(
        join(checkout.cache, "remembered.json"),
        JSON.stringify({ releases: { url: yes, answers: false, asked: asked.toISOString() } }),
      );
    write(new Date());
    expect((await prepared()).stderr).toContain("Go 1.26 or newer is needed");
    expect(asked).toEqual([]);
    expect((await checkout.run(["--retry"])).code).toBe(0);
    rmSync(checkout.cache, { recursive: true });
    mkdirSync(checkout.cache);
    write(new Date(Date.now() - 25 * 60 * 60 * 1000));
    expect((await prepared()).code).toBe(0);
  });
});

test("a Pulumi on PATH is used, its version asked once; one that is too old is named and passed over", async () => {
  const asked = join(checkout.base, "asked");
  const pulumi = (version: string) => checkout.program("pulumi", `touch ${asked}; echo v${version}`);
  checkout.program("pulumi-language-nodejs", "");
  pulumi("3.212.0");
  const { code, stdout } = await checkout.run([]);
  expect(code).toBe(0);
  expect(stdout).toContain(`3.212.0, ${checkout.bin}/pulumi (found on PATH)`);
  rmSync(asked);
  await checkout.run([]);
  expect(existsSync(asked)).toBe(false);

  pulumi("3.99.0");
  checkout.fakeGo();
  const other = await checkout.run([]);
  expect(other.stderr).toContain(`${checkout.bin}/pulumi is 3.99.0 and 3.212.0 is needed`);
  expect(other.stdout).toContain(`${VERSION}, ${checkout.cache}/engine-`);
});

test("a cache folder that is not writable is named, with what to do", async () => {
  checkout.fakeGo();
  writeFileSync(join(checkout.home, "file"), "");
  const { code, stderr } = await checkout.run([], { XDG_CACHE_HOME: join(checkout.home, "file") });
  expect(code).toBe(1);
  expect(stderr).toContain(
    `The cache folder ${checkout.home}/file/pulumi-multi-region-postgres is not writable (ENOTDIR)`,
  );
  expect(stderr).toContain("XDG_CACHE_HOME=/some/writable/folder");
  expect(checkout.takeCalls()).toEqual([]);
});
