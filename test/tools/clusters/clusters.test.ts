import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { kubeconfigs, kubectl, regions, areOurs } from "../../support/regions";
import { ProgramStack } from "../../support/program-stack";

const namespace = `clusters-${randomBytes(4).toString("hex")}`;
// Another test kills the last region meanwhile. One of these stays reachable, the other does not.
const names = Object.keys(kubeconfigs).slice(0, 2);
const [near, far] = names as [string, string];
const reachable = Object.fromEntries(names.map((name) => [name, kubeconfigs[name]!]));
const withoutFar = { ...reachable, [far]: join(__dirname, "program/nowhere.kubeconfig") };

interface Wanted {
  readonly regions: Record<string, string>;
  readonly namespace: string;
  readonly image: string;
  readonly replicas: number;
  /** The options that say what becomes of a region that cannot be reached. */
  readonly unreachable?: { readonly skipUpdateUnreachable?: boolean; readonly deleteUnreachable?: boolean };
}

describe("an application and a database in each region, by one program", () => {
  let stack: ProgramStack<Wanted>;

  beforeAll(async () => {
    const image = process.env["REGIONS_APP_IMAGE"] ?? "localhost/app:1";
    stack = await ProgramStack.create(join(__dirname, "program"), {
      regions: reachable,
      namespace,
      image,
      replicas: 1,
    });
  });
  afterAll(async () => {
    stack.wanted = { ...stack.wanted, regions: reachable, unreachable: {} };
    await stack.dispose();
    await kubectl(far, "delete", "namespace", namespace, "--ignore-not-found");
  });

  it("is created, and `up` waits until pods and databases are ready", async () => {
    await stack.up();
    const outputs = await stack.outputs();
    for (const region of names) {
      expect(outputs[region]).toEqual({ replicas: 1, cluster: `${namespace}/db` });
    }
  });

  (areOurs ? it : it.skip)("has psql in its database by the tool", async () => {
    const command = ["psql", "--cluster=db", names[0]!, "-Atc", "SHOW server_version_num"];
    const { stdout } = await regions(...command);
    expect(stdout).toMatch(/^17\d{4}$/m);
  });

  it("would be changed where a field has changed, as the preview tells, and nowhere else", async () => {
    stack.wanted = { ...stack.wanted, replicas: 2 };
    const preview = await stack.pulumi("preview", "--diff");
    expect(preview).toMatch(/~ replicas: 1 => 2/);
    expect(preview).toMatch(
      new RegExp(`Resources:\\n\\s+~ ${names.length} to update\\n\\s+\\d+ unchanged\\n`),
    );
    expect(preview).not.toContain("correct-horse");
  });

  describe("with a region that cannot be reached", () => {
    it("fails by default, and says which cluster cannot be reached", async () => {
      stack.wanted = { ...stack.wanted, regions: withoutFar };
      const { code, output } = await stack.try("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(/configured Kubernetes cluster is unreachable/);
    });

    it("updates the other with `skipUpdateUnreachable`", async () => {
      stack.wanted = { ...stack.wanted, unreachable: { skipUpdateUnreachable: true } };
      expect(await stack.up()).toContain("skipUpdateUnreachable flag is set to true, skipping...");
      expect(await replicasIn(near)).toBe("2");
      expect(await replicasIn(far)).toBe("1");
    });

    it("updates this region too once it can be reached", async () => {
      stack.wanted = { ...stack.wanted, regions: reachable };
      // A refresh is what the real provider takes, since the skipped update is in the state as done.
      await stack.pulumi("refresh", "--yes", "--skip-preview");
      await stack.up();
      expect(await replicasIn(far)).toBe("2");
    });

    it("is destroyed without it with `deleteUnreachable`, and leaves nothing behind elsewhere", async () => {
      stack.wanted = { ...stack.wanted, regions: withoutFar, unreachable: { deleteUnreachable: true } };
      await stack.pulumi("up", "--yes", "--skip-preview", "--target", "**pulumi:providers:kubernetes**");
      await stack.pulumi("destroy", "--yes", "--skip-preview");
      expect(await kubectl(near, "get", "namespace", namespace, "--ignore-not-found")).toBe("");
      expect(await replicasIn(far)).toBe("2");
    });
  });

  const replicasIn = (region: string) =>
    kubectl(
      region,
      "get",
      "deployment",
      "app",
      `--namespace=${namespace}`,
      "--output=jsonpath={.spec.replicas}",
    );
});
