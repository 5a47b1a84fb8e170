import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(
    pids.map((pid) => readFile(join("/proc", pid, "stat"), "utf8").catch(() => "")),
  );
  return stats.flatMap((stat) => {
    const match = /^(\d+) \(.*\) \S (\d+) /s.exec(stat);
    return match !== null && Number(match[2]) === parent ? [Number(match[1])] : [];
  });
}

/** The command lines, by process, of all that have a text in their command line or environment. */
export async function processesWith(
  text: string,
  where: "cmdline" | "environ",
): Promise<Map<number, string>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map(async (pid): Promise<[number, string][]> => {
      const read = (file: string) => readFile(join("/proc", pid, file), "utf8").catch(() => "");
      return (await read(where)).includes(text) ? [[Number(pid), await read("cmdline")]] : [];
    }),
  );
  return new Map(commands.flat());
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

/** Whether a process runs; one that has ended and is still listed does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(join("/proc", String(pid), "stat"), "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}

/** Those of some processes that run. */
export async function alive(pids: readonly number[]): Promise<number[]> {
  const answers = await Promise.all(pids.map(isAlive));
  return pids.filter((_, index) => answers[index]);
}
