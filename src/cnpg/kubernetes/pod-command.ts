import { PassThrough } from "node:stream";
import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { TransientError } from "../../kubernetes/transient";
import type { Access } from "./access";

const commandSeconds = 10;

/** How a program in an instance ended, and what it said. */
export interface Ended {
  readonly succeeded: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program in an instance's own container, and waits for its end. */
export async function runInPod(
  exec: Pick<ClientNode.Exec, "exec">,
  { namespace, region }: Access,
  pod: string,
  command: string[],
  seconds = commandSeconds,
): Promise<Ended> {
  const texts = { output: "", errors: "" };
  const gather = (name: keyof typeof texts) =>
    new PassThrough().on("data", (text: Buffer) => (texts[name] += text.toString()));
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<Ended>((resolve, reject) => {
    const fail = (reason: string, error?: unknown) =>
      reject(new TransientError(`${region}: ${command[0]} in ${pod}: ${reason}`, true, 0, { cause: error }));
    timer = setTimeout(() => fail(`no answer within ${seconds} s`), seconds * 1000);
    exec
      .exec(
        namespace,
        pod,
        "postgres",
        command,
        gather("output"),
        gather("errors"),
        null,
        false,
        ({ status }) => setImmediate(() => resolve({ succeeded: status === "Success", ...texts })),
      )
      .catch((error: unknown) => fail((error as Error).message, error));
  });
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
