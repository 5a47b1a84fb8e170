import { randomBytes } from "node:crypto";
import type { CnpgPostgresArgs } from "../../src/cnpg";
import { kubeconfigs, kubectl } from "./regions";
import { TestStack, type CnpgWithAppArgs, type Running } from "./stack";
import { TestTopology } from "./topology";

/** A topology of Kubernetes regions, by default of all that the tests are given, in a namespace of its own. */
export class CnpgTopology extends TestTopology<CnpgWithAppArgs> {
  /** The first of the names is the primary. */
  static async create(
    changes: Partial<CnpgWithAppArgs> = {},
    names: readonly string[] = Object.keys(kubeconfigs),
    running?: Running,
  ): Promise<CnpgTopology> {
    const stack = await TestStack.create(running);
    return new CnpgTopology(stack, {
      primary: names[0]!,
      regions: Object.fromEntries(names.map((name) => [name, regionArgs(name)])),
      namespace: `cnpg-${randomBytes(3).toString("hex")}`,
      defaults: { storage: { size: "1Gi" } },
      // Where the tests' regions have their addresses.
      pgHba: { additionalCidrs: ["198.18.0.0/15"] },
      parameters: { wal_keep_size: "128MB" },
      protect: false,
      ...changes,
    });
  }

  /** A field of a region's `Cluster`, by its JSON path. */
  field(region: string, path: string): Promise<string> {
    return this.cluster(region).field(path);
  }

  /** What psql says in the instance that leads a region. */
  psql(region: string, sql: string): Promise<string> {
    return this.cluster(region).psql(sql);
  }

  private cluster(region: string): TestCluster {
    return new TestCluster(region, this.args.namespace!, `db-${region}`);
  }
}

/** One `Cluster`, as kubectl sees it. */
export class TestCluster {
  constructor(
    private readonly region: string,
    private readonly namespace: string,
    private readonly name: string,
  ) {}

  /** A field, by its JSON path. */
  field(path: string): Promise<string> {
    const name = `--namespace=${this.namespace}`;
    return kubectl(this.region, "get", "cluster", this.name, name, `--output=jsonpath={${path}}`);
  }

  /** What psql says in the instance that leads. */
  async psql(sql: string, database = "postgres"): Promise<string> {
    const pod = await this.field(".status.currentPrimary");
    const exec = ["exec", `--namespace=${this.namespace}`, pod, "--container=postgres", "--"];
    return (await kubectl(this.region, ...exec, "psql", "--no-psqlrc", "-Atc", sql, database)).trim();
  }
}

/** How a region of the tests is reached. */
export function regionArgs(name: string, port?: number): CnpgPostgresArgs["regions"][string] {
  return {
    kubeconfig: kubeconfigs[name]!,
    host: `${name}.example.com`,
    ...(port === undefined ? {} : { port }),
  };
}
