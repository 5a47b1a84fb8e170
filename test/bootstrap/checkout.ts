import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const repository = join(__dirname, "../..");

// All that a bootstrap may call in these tests; npm, go, curl and pulumi are scripts of the test itself.
const SYSTEM_TOOLS = ["sh", "cat", "chmod", "gzip", "mkdir", "rm", "sleep", "tar", "touch"];

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

export interface Running {
  process: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves as soon as stdout or stderr contains the text. */
  wrote(text: string): Promise<void>;
}

/** A scratch checkout with the bootstrap in it, a home of its own, and a PATH with nothing but what a test puts there. */
export class Checkout {
  readonly base = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  readonly root = join(this.base, "checkout");
  readonly bin = join(this.base, "bin");
  readonly home = join(this.base, "home");
  readonly cache = join(this.home, ".cache/pulumi-multi-region-postgres");
  readonly environment: NodeJS.ProcessEnv = {
    PATH: this.bin,
    HOME: this.home,
    XDG_CACHE_HOME: join(this.home, ".cache"),
    // Nothing listens there, so the download host is out of reach at once.
    PULUMI_RELEASES_URL: "http://127.0.0.1:9",
  };

  constructor() {
    for (const folder of [this.root, this.bin, this.home]) mkdirSync(folder);
    for (const part of ["bootstrap.mjs", "prepare.mjs", "bootstrap", "engine"]) {
      cpSync(join(repository, "tools", part), join(this.root, "tools", part), { recursive: true });
    }
    this.write("package.json", JSON.stringify({ name: "scratch", engines: { node: ">=20" } }));
    this.write("package-lock.json", "{}");
    this.write("tsconfig.json", "{}");
    this.write("src/index.ts", "export {};");
    this.write(
      "tools/plugins/install.mjs",
      `import { mkdirSync } from "node:fs";
       export const installStandIns = async (home) => void mkdirSync(home + "/plugins", { recursive: true });`,
    );
    symlinkSync(process.execPath, join(this.bin, "node"));
    for (const tool of SYSTEM_TOOLS)
      symlinkSync(
        ["/bin", "/usr/bin"].map((folder) => join(folder, tool)).find(existsSync)!,
        join(this.bin, tool),
      );
    this.program(
      "npm",
      `echo "npm $*" >> ${this.calls}\ncase "$1" in ci) mkdir -p node_modules ;; run) mkdir -p dist ;; esac`,
    );
  }

  private get calls() {
    return join(this.base, "calls");
  }

  /** The calls of npm and go since the last time this was asked. */
  takeCalls(): string[] {
    const lines = existsSync(this.calls) ? readFileSync(this.calls, "utf8").trim().split("\n") : [];
    rmSync(this.calls, { force: true });
    return lines;
  }

  write(file: string, content: string) {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), content);
  }

  /** Puts a shell script on PATH. */
  program(name: string, script: string) {
    const file = join(this.bin, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** A `go` that "builds" a pulumi which tells `version`, after `before`. */
  fakeGo({ version = pinnedVersion(), before = "" } = {}) {
    this.program(
      "go",
      `[ "$1" = env ] && { echo go1.26.0; exit; }
echo "go $1" >> ${this.calls}
${before}
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v${version}\\n' > "$2/pulumi"
printf '#!/bin/sh\\n' > "$2/pulumi-language-nodejs"
chmod +x "$2/pulumi" "$2/pulumi-language-nodejs"`,
    );
  }

  start(args: string[], environment: NodeJS.ProcessEnv = {}, script = "bootstrap.mjs"): Running {
    const started = Date.now();
    const child = spawn(process.execPath, [join(this.root, "tools", script), ...args], {
      cwd: this.base,
      env: { ...this.environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (output.stdout += data));
    child.stderr.on("data", (data) => (output.stderr += data));
    const ended = new Promise<Ended>((resolve) =>
      child.on("close", (code, signal) =>
        resolve({ code, signal, ...output, milliseconds: Date.now() - started }),
      ),
    );
    const wrote = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => (output.stdout + output.stderr).includes(text) && resolve();
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        child.on("close", () =>
          reject(new Error(`ended without writing ${text}:\n${output.stdout}${output.stderr}`)),
        );
        look();
      });
    return { process: child, ended, wrote };
  }

  run(args: string[], environment?: NodeJS.ProcessEnv): Promise<Ended> {
    return this.start(args, environment).ended;
  }

  remove() {
    rmSync(this.base, { recursive: true, force: true });
  }
}

export function pinnedVersion(): string {
  const goMod = readFileSync(join(repository, "tools/engine/cli/go.mod"), "utf8");
  return /pulumi\/pkg\/v3 v(\S+)/.exec(goMod)![1]!;
}

export function isRunning(pid: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" });
  // A zombie has ended; in a container there may be nobody to collect it.
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}
