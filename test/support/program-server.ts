import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A process that runs the tests' program for every update that is sent there. */
export class ProgramServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(program: string, env: NodeJS.ProcessEnv): Promise<ProgramServer> {
    const child = spawn(process.execPath, [join(program, "serve.js")], {
      cwd: program,
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [port] = (await once(child.stdout!, "data")) as [Buffer];
    return new ProgramServer(child, Number(port));
  }

  /** What makes `pulumi up` have its program run here. */
  get options(): string[] {
    return [`--client=127.0.0.1:${this.port}`, "--exec-kind=auto.inline"];
  }

  stop(): void {
    this.child.stdin!.end();
  }
}
