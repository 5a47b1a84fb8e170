import { exampleStack } from "../support/example";
import { MiniStack } from "../support/ministack";
import type { ProgramStack } from "../support/program-stack";
import { kubeconfigs, kubectl } from "../support/regions";

const [us, eu] = Object.keys(kubeconfigs) as [string, string];

/**
 * AWS is a fake and Kubernetes is not: clusters that exist already stand for those of EKS. Nothing runs in them, since
 * nobody answers where the fake says that the database is.
 */
describe("the example of everything on AWS, in clusters that exist already", () => {
  let aws: MiniStack;
  let stack: ProgramStack<object>;

  beforeAll(async () => {
    aws = await MiniStack.start();
    const config = { deletionProtection: "false", image: "localhost/shop:1" };
    stack = await exampleStack("full-stack-aws", config, {}, aws.env);
    const existing = { "kubeconfigs.us": kubeconfigs[us]!, "kubeconfigs.eu": kubeconfigs[eu]! };
    for (const [path, value] of Object.entries(existing)) {
      await stack.pulumi("config", "set", "--secret", "--path", path, value);
    }
    const others = {
      "hosts.us": "us.example.net",
      "hosts.eu": "eu.example.net",
      "stopped[0]": "us",
      "stopped[1]": "eu",
    };
    for (const [path, value] of Object.entries(others)) {
      await stack.pulumi("config", "set", "--path", path, value);
    }
    await stack.up();
  });
  afterAll(async () => {
    await stack.dispose();
    await aws.stop();
  });

  const ask = (region: string, ...args: string[]) => kubectl(region, "--namespace=shop", "get", ...args);

  test.each([us, eu])("has the application in %s, stopped, beside all that belongs to it", async (region) => {
    const kinds = "deployments,services,networkpolicies";
    expect((await ask(region, kinds, "--output=name")).trim().split("\n").length).toBeGreaterThanOrEqual(3);
    expect(await ask(region, "deployments", "--output=jsonpath={.items[*].spec.replicas}")).toBe("0");
  });

  test("is left as it is by a second update", async () => {
    expect(await stack.up()).toMatch(/Resources:\n\s+\d+ unchanged\n/);
  });

  test("is destroyed, and leaves nothing", async () => {
    await stack.pulumi("destroy", "--yes", "--skip-preview");
    expect(await aws.contents("us-east-1", "eu-west-1")).toEqual([]);
    for (const region of [us, eu]) {
      expect(await kubectl(region, "get", "namespace", "shop", "--ignore-not-found")).toBe("");
    }
  });
});
