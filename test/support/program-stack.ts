import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { testFolder } from "./folder";

/** A stack of any program on the real engine, with a state of its own in a folder that goes with it. */
export class ProgramStack<Wanted extends object> {
  private constructor(
    private readonly program: string,
    private readonly folder: string,
    /** What the program is told, as JSON in `PROGRAM`; a test changes it between updates. */
    public wanted: Wanted,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @param environment What Pulumi and its program find there beside that of the tests. */
  static async create<Wanted extends object>(
    program: string,
    wanted: Wanted,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ProgramStack<Wanted>> {
    const folder = await mkdtemp(join(testFolder(), "program-"));
    await mkdir(join(folder, "state"));
    const stack = new ProgramStack(program, folder, wanted, environment);
    await stack.pulumi("stack", "init", "test");
    return stack;
  }

  /** Runs Pulumi and gives what it printed; fails with that if it fails. */
  async pulumi(...args: string[]): Promise<string> {
    const { code, output } = await this.try(...args);
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
    }
    return output;
  }

  /** Runs Pulumi, which may fail. */
  async try(...args: string[]): Promise<{ code: number; output: string }> {
    const child = spawn(
      "pulumi",
      [...args, "--non-interactive", ...(args[0] === "stack" ? [] : ["--stack", "test"])],
      {
        cwd: this.program,
        env: {
          ...process.env,
          ...this.environment,
          PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}?metadata=skip`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PROGRAM: JSON.stringify(this.wanted),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    return { code, output };
  }

  up(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as Record<
      string,
      unknown
    >;
  }

  /** Takes away the state alone: what is there goes with the fake that it is in. */
  async forget(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  /** Destroys what is there, and the state with it. */
  async dispose(): Promise<void> {
    await this.pulumi("destroy", "--yes", "--skip-preview");
    await rm(this.folder, { recursive: true });
  }
}
