import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { testFolder } from "../../support/folder";

const PASSWORD = "correct-horse";
const regions = Object.fromEntries(
  (process.env["REGIONS"] ?? "").split(",").map((entry) => entry.split("=") as [string, string]),
);
const [first = "", second = first] = Object.keys(regions);
const namespace = `program-${randomBytes(4).toString("hex")}`;

interface Wanted {
  color: string;
  password?: string;
  unreachable?: string;
}

let folder: string;
let wanted: Wanted = { color: "red" };

/** Runs Pulumi on the program and gives what it printed. */
async function pulumi(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn("pulumi", args, {
    cwd: join(__dirname, "program"),
    env: {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${folder}/state?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PROGRAM: JSON.stringify({ password: PASSWORD, ...wanted, regions, namespace }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

async function succeed(...args: string[]): Promise<string> {
  const { code, output } = await pulumi(...args, "--stack", "test");
  if (code !== 0) {
    throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
  }
  return output;
}

const up = () => succeed("up", "--yes", "--skip-preview");
const outputs = async () => JSON.parse(await succeed("stack", "output", "--json", "--show-secrets"));

beforeAll(async () => {
  folder = await mkdtemp(join(testFolder(), "regions-"));
  await mkdir(join(folder, "state"));
  expect(await pulumi("stack", "init", "test")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  wanted = { color: "red" };
  await succeed("destroy", "--yes", "--skip-preview");
  await rm(folder, { recursive: true });
});

describe("a program with a provider for each region", () => {
  test("can be previewed before there is anything", async () => {
    const count = Object.keys(regions).length;
    expect(await succeed("preview")).toContain(`+ ${1 + 10 * count} to create`);
  });

  test("declares what is in the regions", async () => {
    await up();
    const found = await outputs();
    for (const region of Object.keys(regions)) {
      expect(found[region]).toEqual({
        secret: expect.stringMatching(new RegExp(`^${namespace}/${region}-[0-9a-f]{8}$`)),
        settings: { color: "red", patched: "red", secret: expect.stringContaining(region) },
        old: { color: "red" },
        group: 2,
      });
    }
  });

  test("has no secret in its state or in what is printed", async () => {
    const text = await succeed("stack", "export");
    expect(text).toContain("ciphertext");
    for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString("base64")]) {
      expect(text).not.toContain(secret);
    }
    wanted = { color: "red", password: "battery-staple" };
    const printed = await succeed("preview", "--diff");
    expect(printed).toContain("[secret]");
    expect(printed).not.toContain("battery-staple");
    expect(printed).not.toContain(Buffer.from("battery-staple").toString("base64"));
  });

  test("finds no difference to what it made, also after a refresh", async () => {
    wanted = { color: "red" };
    await succeed("preview", "--expect-no-changes");
    await succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await succeed("preview", "--expect-no-changes");
  });

  test("changes what is in the regions that can be reached", async () => {
    wanted = { color: "blue", unreachable: first };
    expect(await up()).toContain(
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
    );
    const found = await outputs();
    expect(found[second].settings).toMatchObject({ color: second === first ? "red" : "blue" });
    expect(found[first].settings).toMatchObject({ color: "red" });

    wanted = { color: "blue" };
    await up();
    expect((await outputs())[first].settings).toMatchObject({ color: "blue", patched: "blue" });
  });
});
