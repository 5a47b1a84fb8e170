import { join } from "node:path";
import { Drill, type DrillReport } from "../../src/drill";
import type { LocalPostgresArgs } from "../../src/local";
import { freePorts } from "./ports";
import { LocalRegion } from "./region";
import { TestStack, type TopologyOutputs } from "./stack";

/** One topology of rome, lisbon and dublin on the real engine, and what tests do with it. */
export class LocalTopology {
  private constructor(
    readonly stack: TestStack,
    readonly dataDir: string,
    /** What is declared now; each update starts from it. */
    public args: LocalPostgresArgs,
  ) {}

  static async create(changes: Partial<LocalPostgresArgs> = {}): Promise<LocalTopology> {
    const stack = await TestStack.create();
    const [rome, lisbon, dublin] = (await freePorts(3)) as [number, number, number];
    const dataDir = `${stack.folder}-data`;
    return new LocalTopology(stack, dataDir, {
      primary: "rome",
      regions: { rome: { port: rome }, lisbon: { port: lisbon }, dublin: { port: dublin } },
      dataDir,
      ...changes,
    });
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
  async underLoad(work: (drill: Drill) => Promise<void>): Promise<DrillReport> {
    const { connectionUri, caCertificate, regions } = await this.outputs();
    const endpoints = Object.fromEntries(
      Object.entries(regions).map(([name, { endpoint }]) => [name, endpoint]),
    );
    const drill = await Drill.start({ connectionUri, caCertificate, regions: endpoints });
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
