import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { freePorts } from "../support/ports";
import { watchMemory, type PeakMemory } from "./peak-memory";

/** Where one run's servers are. */
export interface Place {
  readonly dataDir: string;
  readonly ports: readonly [rome: number, lisbon: number, dublin: number];
}

const living = new Set<BenchStack>();
let ending = false;

/** Destroys whatever still runs. No further command starts from here on. */
export async function endAll(): Promise<void> {
  ending = true;
  await Promise.all([...living].map((stack) => stack.dispose()));
}

/** One run of one program: a state, a data folder and ports that no other run has. */
export class BenchStack {
  private running: { child: ChildProcess; ended: Promise<unknown> } | undefined;
  private disposal: Promise<void> | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly dataDir: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param environmentOf What the program reads from its environment. */
  static async create(
    program: string,
    environmentOf: (place: Place) => NodeJS.ProcessEnv,
  ): Promise<BenchStack> {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    await mkdir(join(folder, "state"));
    const ports = (await freePorts(3)) as [number, number, number];
    // Not below the folder of the state, which is private: the servers' account must be able to enter it.
    const dataDir = join("/var/tmp", basename(folder));
    const stack = new BenchStack(program, folder, dataDir, {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...environmentOf({ dataDir, ports }),
    });
    living.add(stack);
    await stack.pulumi("stack", "init", "bench");
    return stack;
  }

  /** Runs the CLI and gives what it printed, and how many milliseconds it took. */
  async pulumi(...args: string[]): Promise<{ stdout: string; milliseconds: number }> {
    if (ending) {
      throw new Error("interrupted");
    }
    return this.run(args);
  }

  /** Runs it, and gives how much memory it took too. */
  async watched(...args: string[]): Promise<{ stdout: string; milliseconds: number; peak: PeakMemory }> {
    if (ending) {
      throw new Error("interrupted");
    }
    let memory: ReturnType<typeof watchMemory> | undefined;
    const ran = await this.run(args, (pid) => (memory = watchMemory(pid))).finally(() => memory?.stop());
    return { ...ran, peak: memory!.stop() };
  }

  /** Takes everything away, whatever state it is in. */
  dispose(): Promise<void> {
    this.disposal ??= this.takeAway();
    return this.disposal;
  }

  private async takeAway(): Promise<void> {
    if (this.running !== undefined) {
      // The engine lets the step that it is in come to its end.
      this.running.child.kill("SIGINT");
      await this.running.ended;
    }
    await this.run(["cancel", "--yes", "--stack", "bench"]).catch(() => undefined);
    await this.run(["destroy", "--yes", "--skip-preview", "--stack", "bench"]);
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.dataDir, { recursive: true, force: true });
    living.delete(this);
  }

  private async run(
    args: string[],
    started?: (pid: number) => void,
  ): Promise<{ stdout: string; milliseconds: number }> {
    const start = process.hrtime.bigint();
    // In a group of its own: Ctrl-C is for us, and we say what becomes of it.
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: this.program,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    if (child.pid !== undefined) {
      started?.(child.pid);
    }
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`pulumi ${args.join(" ")} failed:\n${stdout}${stderr}`)),
      );
    });
    this.running = { child, ended: ended.catch(() => undefined) };
    try {
      await ended;
    } finally {
      this.running = undefined;
    }
    return { stdout, milliseconds: Number(process.hrtime.bigint() - start) / 1e6 };
  }
}
