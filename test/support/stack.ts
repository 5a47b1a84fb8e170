import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./eventually";
import { testFolder } from "./folder";
import { processesWith, signal } from "./processes";
import type { Credential, Endpoint, HandoverReport, Role } from "../../src";
import type { LocalPostgresArgs } from "../../src/local";

/** What the program of the tests exports of a topology. */
export interface TopologyOutputs {
  readonly regions: Record<string, { role: Role; endpoint: Endpoint }>;
  readonly writerEndpoint: Endpoint;
  readonly readerEndpoints: Record<string, Endpoint>;
  readonly connectionUri: string;
  readonly readOnlyUris: Record<string, string>;
  readonly credentials: Record<string, Credential>;
  readonly caCertificate: string;
  readonly handover: HandoverReport;
}

export interface Result {
  readonly code: number | null;
  /** What was printed on both streams. */
  readonly output: string;
  readonly stdout: string;
}

export type Topologies = Record<string, LocalPostgresArgs>;

const program = join(__dirname, "program");

/** A stack of the tests' program on the real engine, with a state of its own in a folder that goes with it. */
export class TestStack {
  private constructor(
    /** The folder of the state, and of whatever else a test wants to go with the stack. */
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async create(): Promise<TestStack> {
    const folder = await mkdtemp(join(testFolder(), "stack-"));
    await mkdir(join(folder, "state"));
    const stack = new TestStack(folder, {
      ...process.env,
      // Without `metadata=skip` a kill may leave an empty `.attrs` file, and the state cannot be read any more.
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      XDG_DATA_HOME: join(folder, "data"),
      TOPOLOGIES: "{}",
    });
    await stack.pulumi(["stack", "init", "test"]);
    return stack;
  }

  /** Runs `pulumi up` and gives all that it printed; fails if it fails. */
  async up(topologies: Topologies, ...options: string[]): Promise<string> {
    const { code, output } = await this.tryUp(topologies, ...options);
    if (code !== 0) {
      throw new Error(`pulumi up failed:\n${output}`);
    }
    return output;
  }

  /** Runs `pulumi up` that may fail. */
  tryUp(topologies: Topologies, ...options: string[]): Promise<Result> {
    return this.finish(this.start(["up", "--yes", "--skip-preview", ...options], topologies));
  }

  /**
   * Starts `pulumi up` and kills the engine, as nothing but SIGKILL can: at once when it has printed a text, or
   * after so many milliseconds. Then does what a user types, so that the next update is let in.
   *
   * @returns what had been printed by then, and whether the update was over before
   */
  async killUp(
    topologies: Topologies,
    when: string | number,
  ): Promise<{ output: string; finished: boolean }> {
    const mark = randomUUID();
    const update = this.start(["up", "--yes", "--skip-preview"], topologies, mark);
    let output = "";
    update.stdout!.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (typeof when === "string" && output.includes(when)) {
        update.kill("SIGKILL");
      }
    });
    const timer = typeof when === "number" ? setTimeout(() => update.kill("SIGKILL"), when) : undefined;
    const { code } = await this.finish(update);
    clearTimeout(timer);
    await endOrphans(mark, output);
    await this.cancel();
    return { output, finished: code === 0 };
  }

  async preview(topologies: Topologies, ...options: string[]): Promise<string> {
    const { code, output } = await this.finish(this.start(["preview", ...options], topologies));
    if (code !== 0) {
      throw new Error(`pulumi preview failed:\n${output}`);
    }
    return output;
  }

  async outputs<Name extends string>(): Promise<Record<Name, TopologyOutputs>> {
    const text = await this.pulumi(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(text) as Record<Name, TopologyOutputs>;
  }

  /** The state, secrets still encrypted. */
  async state(): Promise<string> {
    return this.pulumi(["stack", "export"]);
  }

  async refresh(topologies: Topologies): Promise<string> {
    const { code, output } = await this.finish(
      this.start(["refresh", "--yes", "--skip-preview", "--run-program=false", "--diff"], topologies),
    );
    if (code !== 0) {
      throw new Error(`pulumi refresh failed:\n${output}`);
    }
    return output;
  }

  /** What a user types after a killed update: the lock that it left is taken away. */
  async cancel(): Promise<void> {
    await this.pulumi(["cancel", "--yes"]);
  }

  async destroy(): Promise<void> {
    await this.pulumi(["destroy", "--yes", "--skip-preview"]);
  }

  /** Destroys what is still there, and the state with it. */
  async dispose(): Promise<void> {
    await this.finish(this.start(["cancel", "--yes"]));
    await this.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async pulumi(args: string[]): Promise<string> {
    const { code, output, stdout } = await this.finish(this.start(args));
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    }
    return stdout;
  }

  private start(args: string[], topologies?: Topologies, mark = ""): ChildProcess {
    return spawn("pulumi", [...args, ...stackOption(args), "--non-interactive", "--color=never"], {
      cwd: program,
      env: {
        ...this.environment,
        ...(topologies === undefined ? {} : { TOPOLOGIES: JSON.stringify(topologies) }),
        TEST_UPDATE: mark,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  private finish(child: ChildProcess): Promise<Result> {
    return new Promise((resolve, reject) => {
      let output = "";
      let stdout = "";
      child.stdout!.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        output += chunk.toString();
      });
      child.stderr!.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output, stdout }));
    });
  }
}

/**
 * Pulumi's language host does not notice that the engine is gone, nor does its dynamic provider before it is asked
 * something and loads this package. Everything else has to, by itself.
 */
async function endOrphans(mark: string, output: string): Promise<void> {
  const unaware = ["pulumi-language-nodejs", ...(output.includes(":Local") ? [] : ["dynamic-provider"])];
  for (const [pid, command] of await processesWith(mark)) {
    if (unaware.some((name) => command.includes(name))) {
      signal(pid, "SIGTERM");
    }
  }
  await eventually(async () => {
    const left = [...(await processesWith(mark)).values()].filter((command) => command !== "");
    if (left.length > 0) {
      throw new Error(`still running after the engine was killed: ${left.join(" | ")}`);
    }
  });
}

function stackOption(args: string[]): string[] {
  return args[1] === "init" ? [] : ["--stack", "test"];
}
