import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { testFolder } from "../support/folder";

const root = join(__dirname, "../..");

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** An empty folder outside of the checkout, as a new user has it: whatever a program finds there, it has installed. */
export class EmptyProject {
  private constructor(readonly folder: string) {}

  static async create(): Promise<EmptyProject> {
    const project = new EmptyProject(await mkdtemp(join(testFolder(), "install-")));
    await project.write("package.json", JSON.stringify({ name: "shop", version: "1.0.0" }));
    return project;
  }

  async write(file: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), content);
  }

  /** Runs a program in the project, or in a folder of it; fails if it fails. */
  async run(program: string, args: readonly string[], folder = "."): Promise<string> {
    const { code, output } = await this.try(program, args, folder);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${output}`);
    return output;
  }

  async try(program: string, args: readonly string[], folder = "."): Promise<Ended> {
    try {
      const cwd = join(this.folder, folder);
      const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env: environment() });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
      return { code: code ?? 1, output: `${stdout}${stderr}` };
    }
  }

  install(...packages: string[]): Promise<string> {
    return this.run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages]);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Without what npm and the bootstrap say to the programs that they run: a user's shell has none of it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^(BOOTSTRAP|NODE|INIT_CWD)/.test(name)),
  );
}

/** Clones what is committed of this checkout, as a user would, and gives the folder. */
export async function clone(project: EmptyProject): Promise<string> {
  await project.run("git", ["clone", "--quiet", root, "clone"]);
  return join(project.folder, "clone");
}

/** Packages in the versions of this checkout, for which it has plugins. */
export async function versioned(...names: string[]): Promise<string[]> {
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return names.map((name) => `${name}@${devDependencies[name]}`);
}
