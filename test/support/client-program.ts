import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";

const preparer = join(__dirname, "../../tools/client-programs.mjs");

export type Language = "python" | "node" | "go" | "java" | "rust";

/** Starts of the programs of test/clients/programs, by language. Their libraries are installed first, if need be. */
export async function clientPrograms(): Promise<Readonly<Record<Language, readonly string[]>>> {
  const { stdout } = await promisify(execFile)(process.execPath, [preparer]);
  return JSON.parse(stdout) as Record<Language, string[]>;
}

/** A program that writes a row for each line it is given, by one library, and says for each how that went. */
export class ClientProgram {
  private readonly child: ChildProcess;
  private readonly answers: Interface;
  private readonly ended: Promise<string>;

  constructor([program, ...args]: readonly string[], library: string, environment: NodeJS.ProcessEnv) {
    this.child = spawn(program!, [...args, library], {
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.answers = createInterface(this.child.stdout!);
    this.ended = once(this.child, "exit").then(([code]) => `the program has ended with ${code}`);
  }

  /** Gives `ok`, or what the library said. */
  async write(row: number): Promise<string> {
    const answer = Promise.race([once(this.answers, "line").then(([line]) => line as string), this.ended]);
    this.child.stdin!.write(`${row}\n`);
    return answer;
  }

  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
