import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { RegionalAppArgs } from "../../../src/app";
import { kubeconfigs, kubectl } from "../../support/regions";
import { ProgramStack } from "../../support/program-stack";

const namespace = `app-${randomBytes(4).toString("hex")}`;
// Another test kills the last region meanwhile.
const names = Object.keys(kubeconfigs).slice(0, 2);
const [near, far] = names as [string, string];
const reachable = Object.fromEntries(names.map((name) => [name, kubeconfigs[name]!]));
const withoutFar = { ...reachable, [far]: join(__dirname, "program/nowhere.kubeconfig") };

type Wanted = Omit<RegionalAppArgs, "regions" | "image"> & {
  readonly kubeconfigs: Record<string, string>;
};

describe("a RegionalApp without pods in two clusters", () => {
  let stack: ProgramStack<Wanted>;
  const want = (changes: Partial<Wanted>) => {
    stack.wanted = { ...stack.wanted, ...changes };
  };

  beforeAll(async () => {
    stack = await ProgramStack.create(join(__dirname, "app-program"), {
      kubeconfigs: reachable,
      namespace,
      port: 8080,
    });
  });
  afterAll(async () => {
    await stack.dispose();
    await kubectl(far, "delete", "namespace", namespace, "--ignore-not-found");
  });

  it("is refused, in the preview too, where a namespace of somebody else has its name", async () => {
    await kubectl(near, "create", "namespace", namespace);
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, output } = await stack.try(...command);
      expect(code).not.toBe(0);
      expect(output).toContain(
        `${near} has a Namespace "${namespace}" already, which this component did not create`,
      );
    }
    expect(await kubectl(near, "get", "all", `--namespace=${namespace}`, "--output=name")).toBe("");
    expect(await kubectl(far, "get", "namespace", namespace, "--ignore-not-found")).toBe("");
    await kubectl(near, "delete", "namespace", namespace);
  });

  it("is created, and left as it is by a second update", async () => {
    await stack.up();
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  describe("beside another state of a stack of that name", () => {
    let other: ProgramStack<Wanted>;
    beforeAll(async () => {
      other = await ProgramStack.create(join(__dirname, "app-program"), stack.wanted);
    });
    afterAll(() => other.dispose());

    it("refuses the other one, and names the owner", async () => {
      for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { code, output } = await other.try(...command);
        expect(code).not.toBe(0);
        expect(output).toContain(
          `${near} has a Namespace "${namespace}" already, and it belongs to the RegionalApp "shop" of a stack test`,
        );
      }
    });
  });

  it("takes a region back whose removal was refused", async () => {
    const urn = /urn:\S+::shop-\S+-service/.exec(await stack.pulumi("stack", "--show-urns"))![0];
    const ofFar = urn.replace(`shop-${near}`, `shop-${far}`);
    await stack.pulumi("state", "protect", ofFar, "--yes");
    want({ kubeconfigs: { [near]: reachable[near]! } });
    const { code, output } = await stack.try("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("protect");
    want({ kubeconfigs: reachable });
    await stack.up();
    expect(await servicePort(far)).toBe("80");
  });

  it("can be previewed with other ports and an added health check before any update of its objects", async () => {
    want({ port: 9090, healthCheck: { path: "/healthz" } });
    expect(await stack.pulumi("preview")).toMatch(/\d+ to update/);
    stack.wanted = {
      kubeconfigs: reachable,
      namespace,
      port: 9090,
      service: { port: 8081, type: "NodePort" },
    };
    expect(await stack.pulumi("preview")).toMatch(/\d+ to update/);
    stack.wanted = { kubeconfigs: reachable, namespace, port: 8080 };
  });

  it("keeps a lost region in the state over a refresh, updates the others, and takes the region back", async () => {
    const resources = async () => (await stack.pulumi("stack", "--show-urns")).match(/URN: .*/g)!.sort();
    const before = await resources();
    want({ kubeconfigs: withoutFar, lost: [far] });
    await stack.up();
    await stack.pulumi("refresh", "--yes", "--skip-preview");
    want({ service: { port: 8081 } });
    await stack.up();
    await stack.pulumi("refresh", "--yes", "--skip-preview");
    expect(await resources()).toEqual(before);
    expect(await servicePort(near)).toBe("8081");
    expect(await servicePort(far)).toBe("80");

    want({ kubeconfigs: reachable, lost: [] });
    await stack.up();
    expect(await servicePort(far)).toBe("8081");
  });

  it("forgets a lost region that is taken out for good, and takes back what it left behind", async () => {
    want({ kubeconfigs: withoutFar, lost: [far] });
    await stack.up();
    want({ kubeconfigs: { [near]: reachable[near]! }, lost: [] });
    await stack.up();
    expect(await servicePort(far)).toBe("8081");

    want({ kubeconfigs: reachable });
    await stack.up();
    expect(await servicePort(far)).toBe("8081");
  });

  it("is destroyed while a region is lost, and leaves that region's objects alone", async () => {
    want({ kubeconfigs: withoutFar, lost: [far] });
    await stack.up();
    await stack.pulumi("destroy", "--yes", "--skip-preview");
    expect(await kubectl(near, "get", "namespace", namespace, "--ignore-not-found")).toBe("");
    expect(await servicePort(far)).toBe("8081");
  });

  const servicePort = (region: string) =>
    kubectl(
      region,
      "get",
      "service",
      "shop",
      `--namespace=${namespace}`,
      "--output=jsonpath={.spec.ports[0].port}",
    );
});
