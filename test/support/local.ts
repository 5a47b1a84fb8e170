import { join } from "node:path";
import type { LocalPostgresArgs } from "../../src/local";
import { freePorts } from "./ports";
import { LocalRegion } from "./region";
import { broughtSecrets } from "./secrets";
import { TestStack, type Running, type WithOptions } from "./stack";
import { TestTopology } from "./topology";

type LocalArgs = LocalPostgresArgs & WithOptions;

/** A topology of servers on this machine, by default of rome, lisbon and dublin. */
export class LocalTopology extends TestTopology<LocalArgs> {
  private constructor(
    stack: TestStack,
    readonly dataDir: string,
    args: LocalArgs,
  ) {
    super(stack, args);
  }

  /** The secrets are brought, unless `changes` says otherwise; the first of the names is the primary. */
  static async create(
    changes: Partial<LocalArgs> = {},
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
  static async createAsUsersDo(changes: Partial<LocalArgs> = {}): Promise<LocalTopology> {
    return LocalTopology.create({ secrets: {}, ...changes }, undefined, "by the CLI");
  }

  region(name: string): LocalRegion {
    return new LocalRegion(join(this.dataDir, name));
  }
}
