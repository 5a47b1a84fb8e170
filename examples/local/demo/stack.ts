import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import type { Credential, Durability, Endpoint } from "pulumi-multi-region-postgres";

const root = join(__dirname, "..", "..", "..");
const state = join(root, ".demo");
const names = ["rome", "lisbon", "dublin"];

/** What the demo needs to know of the topology. */
export interface DemoTopology {
  readonly connectionUri: string;
  readonly caCertificate: string;
  readonly credentials: Record<string, Credential>;
  readonly regions: Record<string, Endpoint>;
}

/** What the demo changes. */
export interface DemoConfig {
  readonly primary: string;
  readonly lost: readonly string[];
  readonly durability?: Durability;
}

/** The stack of the root project, with a state of its own, so that it meets no other. */
export class DemoStack {
  private constructor(
    private readonly stack: Stack,
    private readonly interruption: AbortSignal,
  ) {}

  /** Takes up where an earlier demo was left, if one was. */
  static async open(interruption: AbortSignal): Promise<DemoStack> {
    mkdirSync(state, { recursive: true });
    // With metadata a kill may leave an empty `.attrs` file, and the state cannot be read any more.
    const envVars = { PULUMI_BACKEND_URL: `file://${state}?metadata=skip`, PULUMI_CONFIG_PASSPHRASE: "demo" };
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "demo", workDir: root }, { envVars });
    // An update that was killed leaves its lock behind; nothing else works on this state.
    await stack.cancel().catch(() => undefined);
    const config = await stack.getAllConfig();
    if (config["multi-region-postgres:regions"] === undefined) {
      await stack.setConfig("regions", { value: JSON.stringify(await regions()) });
    }
    return new DemoStack(stack, interruption);
  }

  /** Changes the configuration, and runs `pulumi up`. */
  async up({ primary, lost, durability = "local" }: DemoConfig): Promise<void> {
    this.interruption.throwIfAborted();
    await this.stack.setConfig("primary", { value: primary });
    await this.stack.setConfig("lost", { value: JSON.stringify(lost) });
    await this.stack.setConfig("durability", { value: durability });
    await this.stack.up({ onEvent: printProgress, onError: () => undefined });
  }

  async topology(): Promise<DemoTopology> {
    const outputs = await this.stack.outputs();
    const value = <T>(name: string) => outputs[name]!.value as T;
    const described = value<Record<string, { endpoint: Endpoint }>>("regions");
    const endpoints = Object.entries(described).map(([name, { endpoint }]) => [name, endpoint] as const);
    return {
      connectionUri: value("connectionUri"),
      caCertificate: value("caCertificate"),
      credentials: value("credentials"),
      regions: Object.fromEntries(endpoints),
    };
  }

  async destroy(): Promise<void> {
    await this.stack.cancel().catch(() => undefined);
    await this.stack.destroy({ onEvent: printProgress });
    await this.stack.workspace.removeStack("demo");
  }

  instructions(): string {
    return [
      "Its state is in .demo. To use it by hand:",
      "",
      "  export PULUMI_BACKEND_URL='file://'$PWD'/.demo?metadata=skip' PULUMI_CONFIG_PASSPHRASE=demo",
      "  npm run pulumi -- config set primary rome -s demo && npm run pulumi -- up -s demo",
      "  npm run pulumi -- stack output connectionUri --show-secrets -s demo",
      "  npm run pulumi -- destroy -s demo",
      "",
      "With Pulumi on your PATH, plain pulumi does for npm run pulumi --.",
    ].join("\n");
  }
}

/** Says what happened to each server, and leaves the certificates and passwords out. */
function printProgress({ resOutputsEvent, resOpFailedEvent, diagnosticEvent }: EngineEvent): void {
  if (resOutputsEvent !== undefined && resOutputsEvent.metadata.op !== "same") {
    const { op, type, urn } = resOutputsEvent.metadata;
    const kind = /:Local(Server|Handover|Replication)$/.exec(type)?.[1];
    if (kind !== undefined) {
      const name = urn.split("::").pop()!.replace(/^db-/, "");
      console.log(`  ${op.padEnd(7)} ${kind.toLowerCase().padEnd(12)} ${name.replace(/-replication$/, "")}`);
    }
  }
  if (resOpFailedEvent !== undefined) {
    console.log(`  failed  ${resOpFailedEvent.metadata.urn.split("::").pop()!}`);
  }
  if (diagnosticEvent?.severity === "error") {
    console.log(`  ${diagnosticEvent.message.trim()}`);
  }
}

async function regions(): Promise<Record<string, { port: number }>> {
  const ports: number[] = [];
  for (let port = 5501; ports.length < names.length; port++) {
    if (await isFree(port)) {
      ports.push(port);
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, { port: ports[index]! }]));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "localhost", () => probe.close(() => resolve(true)));
  });
}
