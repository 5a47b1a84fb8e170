import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "../..");

const probe = `
  require(process.argv[1]);
  const names = Object.keys(require.cache).map((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(file)?.[1]);
  console.log(JSON.stringify([...new Set(names)]));
`;

/** The packages that an entry point of the built package loads, in a Node of its own. */
async function loadedBy(entry: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", probe, join(root, "dist", entry)], {
    cwd: root,
    env: { PATH: process.env["PATH"] },
  });
  return JSON.parse(stdout) as string[];
}

describe("an entry point of the package", () => {
  const ofAws = (name: string) => /^@pulumi\/aws$|^@aws-sdk\//.test(name);

  test.each(["index.js", "local", "cnpg", "app", "drill"])(
    "loads nothing of AWS, if it is %s",
    async (entry) => {
      const loaded = await loadedBy(entry);
      expect(loaded).not.toEqual([]);
      expect(loaded.filter(ofAws)).toEqual([]);
    },
  );

  test.each(["network", "aurora", "eks", "routing"])(
    "loads no SDK of AWS's own into the program, if it is %s",
    async (entry) => {
      expect((await loadedBy(entry)).filter(ofAws)).toEqual(["@pulumi/aws"]);
    },
  );

  test("loads no resource types into the provider of rollouts", async () => {
    expect(await loadedBy("app/provider")).not.toContain("@pulumi/kubernetes");
  });

  test("loads no resource types into the provider of handovers", async () => {
    const loaded = await loadedBy("aurora/provider");
    expect(loaded).toContain("@aws-sdk/client-rds");
    expect(loaded).not.toContain("@pulumi/aws");
  });

  test("loads nothing of AWS for the records of another DNS", async () => {
    const loaded = await loadedBy("routing/records.js");
    expect(loaded).toContain("@pulumi/pulumi");
    expect(loaded.filter(ofAws)).toEqual([]);
  });
});
