import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { kubeconfigs, kubectl, regions, areOurs } from "../../support/regions";
import { ProgramStack } from "../../support/program-stack";

const namespace = `clusters-${randomBytes(4).toString("hex")}`;
const names = Object.keys(kubeconfigs);
const last = names.at(-1)!;

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
      regions: kubeconfigs,
      namespace,
      image,
      replicas: 1,
    });
  });
  afterAll(async () => {
    if (areOurs) {
      await regions("up", last);
    }
    await stack.dispose();
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

  it("is left as it is by a second update", async () => {
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  it("shows a changed field in the preview, and nothing else", async () => {
    stack.wanted = { ...stack.wanted, replicas: 2 };
    const preview = await stack.pulumi("preview", "--diff");
    expect(preview).toMatch(/~ replicas: 1 => 2/);
    expect(preview).toMatch(new RegExp(`~ ${names.length} to update`));
    expect(preview).not.toContain("correct-horse");
  });

  (areOurs ? describe : describe.skip)("with one region killed", () => {
    beforeAll(() => regions("kill", last));
    const others = names.filter((name) => name !== last);

    it("fails by default, and says which cluster cannot be reached", async () => {
      const { code, output } = await stack.try("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toMatch(/configured Kubernetes cluster is unreachable/);
    });

    it("updates the others with `skipUpdateUnreachable`", async () => {
      stack.wanted = { ...stack.wanted, unreachable: { skipUpdateUnreachable: true } };
      expect(await stack.up()).toContain("skipUpdateUnreachable flag is set to true, skipping...");
      for (const region of others) {
        expect(await replicasIn(region)).toBe("2");
      }
    });

    it("updates the killed region too once it is back, with all that it had", async () => {
      await regions("heal", last);
      expect(await replicasIn(last)).toBe("1");
      // A refresh is what the real provider takes, since the skipped update is in the state as done.
      await stack.pulumi("refresh", "--yes", "--skip-preview");
      await stack.up();
      expect(await replicasIn(last)).toBe("2");
    });

    it("is destroyed without a region with `deleteUnreachable`", async () => {
      const { regions: reachable } = stack.wanted;
      stack.wanted = {
        ...stack.wanted,
        regions: { ...reachable, [last]: join(__dirname, "program/nowhere.kubeconfig") },
        unreachable: { deleteUnreachable: true },
      };
      await stack.pulumi("up", "--yes", "--skip-preview", "--target", "**pulumi:providers:kubernetes**");
      await stack.pulumi("destroy", "--yes", "--skip-preview");
      for (const region of others) {
        expect(await kubectl(region, "get", "namespace", namespace, "--ignore-not-found")).toBe("");
      }
      expect(await replicasIn(last)).toBe("2");
      await kubectl(last, "delete", "namespace", namespace);
    });
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await stack.pulumi("destroy", "--yes", "--skip-preview");
    for (const region of names) {
      expect(await kubectl(region, "get", "namespace", namespace, "--ignore-not-found")).toBe("");
    }
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
