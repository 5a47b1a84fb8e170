import { join } from "node:path";
import { Drill, type DrillArgs, type DrillReport } from "../../src/drill";
import type { LocalPostgresArgs } from "../../src/local";
import { freePorts } from "./ports";
import { LocalRegion } from "./region";
import { broughtSecrets } from "./secrets";
import { TestStack, type Running, type TopologyOutputs } from "./stack";

/** The writers of a drill write so often, of the four each. More would only keep the machine from the update. */
const intervalMs = 20;

/** One topology on the real engine, by default of rome, lisbon and dublin, and what tests do with it. */
export class LocalTopology {
  private constructor(
    readonly stack: TestStack,
    readonly dataDir: string,
    /** What is declared now; each update starts from it. */
    public args: LocalPostgresArgs,
  ) {}

  /** The secrets are brought, unless `changes` says otherwise; the first of the names is the primary. */
  static async create(
    changes: Partial<LocalPostgresArgs> = {},
    names: readonly string[] = ["rome", "lisbon", "dublin"],
    running?: Running,
  ): Promise<LocalTopology> {
    const stack = await TestStack.create(running);
    const ports = await freePorts(names.length);
    const dataDir = `${stack.folder}-data`;
    return new LocalTopology(stack, dataDir, {
      primary: names[0]!,
      regions: Object.fromEntries(names.map((name, index) => [name, { port: ports[index]! }])),
      secrets: await broughtSecrets(names),
      dataDir,
      ...changes,
    });
  }

  /** As users have it: the program is run by the CLI alone, and secrets are generated. */
  static async createAsUsersDo(changes: Partial<LocalPostgresArgs> = {}): Promise<LocalTopology> {
    return LocalTopology.create({ secrets: {}, ...changes }, undefined, "by the CLI");
  }

  /** Declares a change, and runs `pulumi up`. */
  async up(changes: Partial<LocalPostgresArgs> = {}): Promise<string> {
    this.args = { ...this.args, ...changes };
    return this.stack.up({ db: this.args });
  }

  async tryUp(changes: Partial<LocalPostgresArgs> = {}) {
    return this.stack.tryUp({ db: { ...this.args, ...changes } });
  }

  async outputs(): Promise<TopologyOutputs> {
    return (await this.stack.outputs<"db">()).db;
  }

  region(name: string): LocalRegion {
    return new LocalRegion(join(this.dataDir, name));
  }

  /** Does something while writers write, and gives what came of their rows. */
  async underLoad(
    work: (drill: Drill) => Promise<void>,
    options: Pick<DrillArgs, "intervalMs"> = { intervalMs },
  ): Promise<DrillReport> {
    const { connectionUri, caCertificate, regions } = await this.outputs();
    const endpoints = Object.fromEntries(
      Object.entries(regions).map(([name, { endpoint }]) => [name, endpoint]),
    );
    const drill = await Drill.start({ connectionUri, caCertificate, regions: endpoints, ...options });
    try {
      await work(drill);
    } catch (error) {
      await drill.stop().catch(() => undefined);
      throw error;
    }
    return drill.stop();
  }

  dispose(): Promise<void> {
    return this.stack.dispose();
  }
}
