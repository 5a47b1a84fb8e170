import { spawn, type ChildProcess } from "node:child_process";

/** The account that a program runs under, where it is not ours. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface RunOptions {
  readonly account?: Account | undefined;
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Record<string, string>;
}

const running = new Set<ChildProcess>();

// A provider that ends early must not leave an initdb or a pg_basebackup behind.
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Runs a program to its end and gives what it printed; an error carries what it complained of. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: options.cwd,
      env: { PATH: process.env["PATH"], LC_ALL: "C", ...options.env },
      ...(options.account ?? {}),
    });
    running.add(child);
    let printed = "";
    let complained = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complained += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => {
      running.delete(child);
      reject(new Error(`${program} cannot be run: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) {
        resolve(printed);
      } else {
        const reason = (complained || printed).trim().split("\n").slice(-5).join("\n");
        reject(new Error(`${program} failed (${signal ?? `exit code ${code}`}): ${reason}`));
      }
    });
  });
}
