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
