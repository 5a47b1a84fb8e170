import { readFile } from "node:fs/promises";
import { childrenOf } from "../support/processes";

/** How much memory was resident at most, in bytes. */
export interface PeakMemory {
  /** The Node.js that ran the program. */
  readonly program: number;
  /** The CLI, with the engine in it. */
  readonly engine: number;
}

const sampleMilliseconds = 100;

/** Watches a `pulumi` and the program that it starts; the kernel keeps the peak, so that none is missed. */
export function watchMemory(engine: number): { stop(): PeakMemory } {
  let program: number | undefined;
  let peak: PeakMemory = { program: 0, engine: 0 };
  const sample = async () => {
    program ??= await programBelow(engine);
    const now = { program: program === undefined ? 0 : await peakOf(program), engine: await peakOf(engine) };
    peak = {
      program: Math.max(peak.program, now.program),
      engine: Math.max(peak.engine, now.engine),
    };
  };
  const timer = setInterval(() => void sample(), sampleMilliseconds);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** The language host is a child of the engine, and starts the program. */
async function programBelow(engine: number): Promise<number | undefined> {
  for (const host of await childrenOf(engine)) {
    for (const child of await childrenOf(host)) {
      const command = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
      // Not the one that the host starts first, to ask where that file is.
      if (command.split("\0").some((argument) => /^\/.*\/@pulumi\/pulumi\/cmd\/run\b/.test(argument))) {
        return child;
      }
    }
  }
  return undefined;
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
