import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { PostgresSecretsArgs } from "../../src/secrets/args";
import { testFolder } from "../support/folder";
import { PostgresSecrets } from "../../src/secrets/postgres-secrets";

/** The secrets as a program reads them. */
export interface SecretsOutputs {
  caCertificate: string;
  servers: Record<string, { certificate: string; privateKey: string }>;
  replication: { certificate: string; privateKey: string };
  passwords: Record<string, string>;
}

/** What one `up` or preview did, by resource name; what stayed the same is left out. */
export type Changes = Record<string, "create" | "update" | "replace" | "delete">;

/** One stack of one PostgresSecrets called `orders`, on a file backend of its own. */
export class SecretsStack {
  private constructor(
    private readonly folder: string,
    private readonly stack: Stack,
    private readonly program: { args: PostgresSecretsArgs },
  ) {}

  static async create(): Promise<SecretsStack> {
    const folder = await mkdtemp(join(testFolder(), "secrets-stack-"));
    const program = { args: { regions: {}, roles: {} } as PostgresSecretsArgs };
    const stack = await LocalWorkspace.createStack(
      {
        projectName: "secrets",
        stackName: "test",
        program: async () => {
          const { caCertificate, servers, replication, passwords } = new PostgresSecrets(
            "orders",
            program.args,
          );
          return { caCertificate, servers, replication, passwords };
        },
      },
      {
        workDir: folder,
        projectSettings: { name: "secrets", runtime: "nodejs" },
        envVars: { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "test" },
      },
    );
    return new SecretsStack(folder, stack, program);
  }

  /** Runs `up` with these arguments. */
  async up(args: PostgresSecretsArgs): Promise<{ changes: Changes; outputs: SecretsOutputs }> {
    this.program.args = args;
    const events: EngineEvent[] = [];
    const { outputs } = await this.stack.up({ onEvent: (event) => void events.push(event) });
    const values = Object.fromEntries(Object.entries(outputs).map(([key, output]) => [key, output.value]));
    return { changes: changesOf(events), outputs: values as unknown as SecretsOutputs };
  }

  /** Everything that a preview with these arguments shows, as text and as JSON. */
  async preview(args: PostgresSecretsArgs): Promise<{ changes: Changes; shown: string }> {
    this.program.args = args;
    const events: EngineEvent[] = [];
    const { stdout } = await this.stack.preview({ diff: true, onEvent: (event) => void events.push(event) });
    // The SDK's own debug messages hold every property in plain text; they are shown with `--debug` only.
    const shown = events.filter(({ diagnosticEvent }) => !diagnosticEvent?.prefix?.startsWith("debug"));
    return { changes: changesOf(events), shown: stdout + JSON.stringify(shown) };
  }

  async refresh(): Promise<void> {
    await this.stack.refresh();
  }

  /** Lets days pass for a certificate: the provider tells its age by the end that stands in the state. */
  async age(name: string, days: number): Promise<void> {
    const state = await this.stack.exportStack();
    const { resources } = state.deployment as {
      resources: { urn: string; outputs?: { validityEndTime: string } }[];
    };
    const { outputs } = resources.find(({ urn }) => urn.endsWith(`::orders-${name}`))!;
    const end = new Date(outputs!.validityEndTime);
    end.setUTCDate(end.getUTCDate() - days);
    outputs!.validityEndTime = end.toISOString();
    await this.stack.importStack(state);
  }

  /** The state as it is stored; `exportStack` would decrypt it. */
  async state(): Promise<string> {
    return readFile(join(this.folder, ".pulumi", "stacks", "secrets", "test.json"), "utf8");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function changesOf(events: EngineEvent[]): Changes {
  const changes: Changes = {};
  for (const { resourcePreEvent } of events) {
    const { op, urn, type } = resourcePreEvent?.metadata ?? {};
    if (op === undefined || op === "same" || type === "pulumi:pulumi:Stack") {
      continue;
    }
    const name = urn!.split("::").at(-1)!;
    changes[name] = /replace/.test(op) ? "replace" : (op as Changes[string]);
  }
  return changes;
}
