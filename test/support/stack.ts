import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./eventually";
import { testFolder } from "./folder";
import { ProgramServer } from "./program-server";
import { processesWith, signal } from "./processes";
import type { Credential, Endpoint, HandoverReport, Role } from "../../src";
import type { LinkArgs, RegionalAppArgs } from "../../src/app";
import type { AuroraPostgresArgs, AuroraRegionArgs } from "../../src/aurora";
import type { CnpgPostgresArgs } from "../../src/cnpg";
import type { LocalPostgresArgs } from "../../src/local";
import type { RegionNetworksArgs } from "../../src/network";

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
  readonly app?: Record<string, { running: boolean; namespace: string; service: string; image: string }>;
}

/** A resource as it stands in the state. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly created?: string;
  readonly inputs?: { readonly __provider?: string };
  readonly outputs?: Record<string, unknown>;
}

export interface Result {
  readonly code: number | null;
  /** What was printed on both streams. */
  readonly output: string;
  readonly stdout: string;
}

/** What the program makes Aurora of: each region is put into a network of its name. */
export interface AuroraOnNetworksArgs extends Omit<AuroraPostgresArgs, "regions"> {
  readonly networks: RegionNetworksArgs;
  /** The configuration of an explicit AWS provider; without it all is made by the default one. */
  readonly awsProvider?: Readonly<Record<string, unknown>>;
  readonly regions: Record<string, Omit<AuroraRegionArgs, "network">>;
}

/** A topology with an application that is linked to it. */
export interface CnpgWithAppArgs extends CnpgPostgresArgs {
  readonly app?: Omit<RegionalAppArgs, "links"> & { readonly link?: Omit<LinkArgs, "to"> };
}

/** What the program gives a component beside its arguments. */
export interface WithOptions {
  readonly options?: { readonly protect?: boolean };
}

export type TopologyArgs = (LocalPostgresArgs | CnpgWithAppArgs | AuroraOnNetworksArgs) & WithOptions;
export type Topologies = Record<string, TopologyArgs>;

const program = join(__dirname, "program");

/**
 * Who runs the program: the CLI in a process that it starts each time, as for users, or a process that stays, as with
 * Pulumi's automation API. The second takes half the time.
 */
export type Running = "by the CLI" | "in a process that stays";

/** A stack of the tests' program on the real engine, with a state of its own in a folder that goes with it. */
export class TestStack {
  private server: ProgramServer | undefined;
  private name = "test";
  private configFile: string | undefined;

  private constructor(
    /** The folder of the state, and of whatever else a test wants to go with the stack. */
    readonly folder: string,
    private readonly running: Running,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param environment What Pulumi and its program find there beside that of the tests. */
  static async create(
    running: Running = "in a process that stays",
    environment: Readonly<Record<string, string>> = {},
  ): Promise<TestStack> {
    const folder = await mkdtemp(join(testFolder(), "stack-"));
    await mkdir(join(folder, "state"));
    const stack = new TestStack(folder, running, {
      ...process.env,
      ...environment,
      // Without `metadata=skip` a kill may leave an empty `.attrs` file, and the state cannot be read any more.
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      XDG_DATA_HOME: join(folder, "data"),
      TOPOLOGIES: "{}",
      TOPOLOGIES_FILE: join(folder, "topologies.json"),
      OUTPUTS_FILE: join(folder, "outputs.json"),
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
  async tryUp(topologies: Topologies, ...options: string[]): Promise<Result> {
    const where = this.running === "by the CLI" ? [] : await this.serve(topologies);
    return this.finish(this.start(["up", "--yes", "--skip-preview", ...where, ...options], topologies));
  }

  /** What makes the CLI have its program run by the process that stays. */
  private async serve(topologies: Topologies): Promise<string[]> {
    await writeFile(join(this.folder, "topologies.json"), JSON.stringify(topologies));
    this.server ??= await ProgramServer.start(program, this.environment);
    return this.server.options;
  }

  /**
   * Starts `pulumi up`, as a user does, and kills the engine, as nothing but SIGKILL can: at once when it has printed
   * a text, after so many milliseconds, or when something has happened. Then does what a user types, so that the next update is let in.
   *
   * @param unrecorded What a provider has yet to do before the kill: the engine is frozen meanwhile, so that it is in no state
   * @returns what had been printed by then, and whether the update was over before
   */
  async killUp(
    topologies: Topologies,
    when: string | number | Promise<unknown>,
    unrecorded?: () => Promise<unknown>,
  ): Promise<{ output: string; finished: boolean }> {
    const mark = randomUUID();
    const update = this.start(["up", "--yes", "--skip-preview"], topologies, mark);
    let output = "";
    const kill = async () => {
      try {
        await when;
        update.kill("SIGSTOP");
        await unrecorded?.();
      } finally {
        update.kill("SIGKILL");
      }
    };
    const killed = when instanceof Promise ? kill() : undefined;
    killed?.catch(() => undefined);
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
    await (code === 0 ? undefined : killed);
    return { output, finished: code === 0 };
  }

  async preview(topologies: Topologies, ...options: string[]): Promise<string> {
    const { code, output } = await this.finish(this.start(["preview", ...options], topologies));
    if (code !== 0) {
      throw new Error(`pulumi preview failed:\n${output}`);
    }
    return output;
  }

  /** What the last update that succeeded gave, as its program wrote it down: to ask Pulumi takes half a second. */
  async outputs<Name extends string>(): Promise<Record<Name, TopologyOutputs>> {
    return JSON.parse(await readFile(join(this.folder, "outputs.json"), "utf8")) as Record<
      Name,
      TopologyOutputs
    >;
  }

  /** The resources in the state, secrets still encrypted. */
  async resources(): Promise<Resource[]> {
    const file = join(this.folder, `state/.pulumi/stacks/topologies/${this.name}.json`);
    const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as {
      checkpoint: { latest?: { resources?: Resource[] } };
    };
    return checkpoint.latest?.resources ?? [];
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

  /** Destroys all, and gives what was printed. */
  async destroy(): Promise<string> {
    const { code, output } = await this.finish(this.start(["destroy", "--yes", "--skip-preview"]));
    if (code !== 0) {
      throw new Error(`pulumi destroy failed:\n${output}`);
    }
    return output;
  }

  /** Loses the state, and begins with an empty one of the same name. */
  async loseState(): Promise<void> {
    await this.pulumi(["stack", "rm", "--force", "--yes"]);
    await this.pulumi(["stack", "init", this.name]);
  }

  async rename(name: string): Promise<void> {
    await this.pulumi(["stack", "rename", name]);
    this.name = name;
  }

  /** Destroys what is still there, and the state with it. */
  async dispose(): Promise<void> {
    this.server?.stop();
    await this.destroy().catch(async () => {
      // An update that a failed test left half-way has the stack locked.
      await this.finish(this.start(["cancel", "--yes"]));
      await this.destroy();
    });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Sets a value of the stack's configuration. It is in a file of the stack's own: all stacks share the program's folder. */
  async configure(key: string, value: string, ...options: string[]): Promise<void> {
    this.configFile = join(this.folder, "config.yaml");
    await this.pulumi(["config", "set", key, value, ...options]);
  }

  /** Runs any other command, and gives what it printed. */
  async pulumi(args: string[]): Promise<string> {
    const { code, output, stdout } = await this.finish(this.start(args));
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    }
    return stdout;
  }

  private start(args: string[], topologies?: Topologies, mark = ""): ChildProcess {
    const config =
      this.configFile === undefined || !takesConfig(args) ? [] : ["--config-file", this.configFile];
    const common = [...stackOption(args, this.name), ...config, "--non-interactive", "--color=never"];
    return spawn("pulumi", [...args, ...common], {
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
  const unaware = [
    "pulumi-language-nodejs",
    ...(/:(Local|Cnpg|Aurora)/.test(output) ? [] : ["dynamic-provider"]),
  ];
  for (const [pid, command] of await processesWith(mark, "environ")) {
    if (unaware.some((name) => command.includes(name))) {
      signal(pid, "SIGTERM");
    }
  }
  await eventually(async () => {
    const left = [...(await processesWith(mark, "environ")).values()].filter((command) => command !== "");
    if (left.length > 0) {
      throw new Error(`still running after the engine was killed: ${left.join(" | ")}`);
    }
  });
}

function takesConfig([command = ""]: string[]): boolean {
  return ["config", "up", "preview", "refresh", "destroy"].includes(command);
}

function stackOption(args: string[], name: string): string[] {
  return args[1] === "init" ? [] : ["--stack", name];
}
