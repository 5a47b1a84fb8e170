import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ProgramStack } from "../../support/program-stack";
import { kubeconfigs } from "../../support/regions";

// One region alone: another test kills the last of them meanwhile.
const [first = ""] = Object.keys(kubeconfigs);
const namespace = `program-${randomBytes(4).toString("hex")}`;
const PASSWORD = "correct-horse";
const initial = {
  regions: { [first]: kubeconfigs[first] },
  namespace,
  password: PASSWORD,
  color: "red",
  unreachable: "",
};

let stack: ProgramStack<typeof initial>;

beforeAll(async () => {
  stack = await ProgramStack.create(join(__dirname, "program"), initial);
});
afterAll(async () => {
  stack.wanted = initial;
  await stack.dispose();
});

describe("a program with a provider of its own", () => {
  test("can be previewed before there is anything", async () => {
    expect(await stack.pulumi("preview")).toContain("+ 11 to create");
  });

  test("declares what is in the regions", async () => {
    await stack.up();
    const found = await stack.outputs();
    for (const region of [first]) {
      expect(found[region]).toEqual({
        secret: expect.stringMatching(new RegExp(`^${namespace}/${region}-[0-9a-f]{8}$`)),
        settings: { color: "red", patched: "red", secret: expect.stringContaining(region) },
        old: { color: "red" },
        group: 2,
      });
    }
  });

  test("has no secret in its state or in what is printed", async () => {
    const text = await stack.pulumi("stack", "export");
    expect(text).toContain("ciphertext");
    for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString("base64")]) {
      expect(text).not.toContain(secret);
    }
    stack.wanted = { ...initial, password: "battery-staple" };
    const printed = await stack.pulumi("preview", "--diff");
    expect(printed).toContain("[secret]");
    expect(printed).not.toContain("battery-staple");
    expect(printed).not.toContain(Buffer.from("battery-staple").toString("base64"));
  });

  test("finds no difference to what it made, also after a refresh", async () => {
    stack.wanted = initial;
    await stack.pulumi("preview", "--expect-no-changes");
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.pulumi("preview", "--expect-no-changes");
  });

  test("changes what is in the region once it can be reached", async () => {
    stack.wanted = { ...initial, color: "blue", unreachable: first };
    expect(await stack.up()).toContain(
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
    );
    expect((await stack.outputs())[first]).toMatchObject({ settings: { color: "red" } });

    stack.wanted = { ...initial, color: "blue" };
    await stack.up();
    expect((await stack.outputs())[first]).toMatchObject({ settings: { color: "blue", patched: "blue" } });
  });
});
