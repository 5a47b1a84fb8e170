import { Drill, type DrillArgs, type DrillReport } from "../../src/drill";
import type { Result, TestStack, TopologyArgs, TopologyOutputs } from "./stack";

/** The writers of a drill write so often, of the four each. More would only keep the machine from the update. */
const intervalMs = 20;

/** One topology on the real engine, and what tests do with it, whichever the engine beneath. */
export class TestTopology<Args extends TopologyArgs> {
  constructor(
    readonly stack: TestStack,
    /** What is declared now; each update starts from it. */
    public args: Args,
  ) {}

  /** Declares a change, and runs `pulumi up`. */
  async up(changes: Partial<Args> = {}): Promise<string> {
    this.args = { ...this.args, ...changes };
    return this.stack.up({ db: this.args });
  }

  async tryUp(changes: Partial<Args> = {}): Promise<Result> {
    return this.stack.tryUp({ db: { ...this.args, ...changes } });
  }

  async outputs(): Promise<TopologyOutputs> {
    return (await this.stack.outputs<"db">()).db;
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
