import { once, type EventEmitter } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { PassThrough } from "node:stream";
import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { TransientError } from "../../kubernetes/transient";
import type { Access } from "./access";

/** psql in an instance, for as long as one likes: each further question costs one round trip. */
export interface Psql {
  /** The rows of a query. */
  query<Row>(sql: string): Promise<Row[]>;
  /** Runs a statement that has no rows. */
  run(sql: string): Promise<void>;
  /** Turns to another server: by a connection string, which no process is given as an argument. */
  connect(conninfo: string): Promise<void>;
  close(): void;
}

/** As much of a WebSocket as is used: its types are not among this package's dependencies. */
type Socket = EventEmitter & { close(): void; terminate(): void };

const answerSeconds = 10;
// With ON_ERROR_STOP a mistake ends psql, and what it had to say is told.
const psqlOptions = [
  ...["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"],
  ...["--set=ON_ERROR_STOP=1", "--username=postgres"],
];

/** As the kubelet runs it, in the instance's own container: no password, and nothing that the network must let through. */
export async function openPsql(
  exec: Pick<ClientNode.Exec, "exec">,
  access: Access,
  pod: string,
  seconds = answerSeconds,
): Promise<Psql> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let complaint = "";
  let exit = "";
  const socket = await started(access.region, pod, seconds, () =>
    exec.exec(
      access.namespace,
      pod,
      "postgres",
      ["psql", ...psqlOptions],
      output,
      errors,
      input,
      false,
      ({ message }) => (exit = message ?? ""),
    ),
  );
  const lines = createInterface(output);
  errors.on("data", (text: Buffer) => (complaint += text.toString()));
  const gone = closed(socket).then((failure) => {
    throw endOf(access.region, pod, complaint.trim(), exit || failure);
  });
  gone.catch(() => undefined);
  const answerTo = async (text: string): Promise<string> => {
    complaint = "";
    const answer = nextLine(lines);
    answer.catch(() => undefined);
    input.write(text);
    const timeout = late(seconds);
    try {
      return await Promise.race([
        answer,
        gone,
        timeout.passed.then(() => {
          // An answer that comes after all must not pass for the answer to the next question.
          socket.terminate();
          throw new TransientError(
            `${access.region}: ${pod} has not answered within ${seconds} s: ${complaint.trim()}`,
            true,
          );
        }),
      ]);
    } finally {
      timeout.cancel();
    }
  };
  const ask = inTurn(answerTo);
  return {
    async query<Row>(sql: string): Promise<Row[]> {
      const line = await ask(
        `SELECT coalesce(json_agg(answer), '[]')::jsonb::text FROM (${sql}) AS answer;\n`,
      );
      return JSON.parse(line) as Row[];
    },
    async run(sql: string): Promise<void> {
      await ask(`${sql};\nSELECT 'done';\n`);
    },
    async connect(conninfo: string): Promise<void> {
      await ask(`\\connect ${quoted(conninfo)}\nSELECT 'done';\n`);
    },
    close() {
      lines.close();
      input.end();
      socket.close();
    },
  };
}

/** Starts a program in a pod: an API server may say no to that for a moment, or never answer. */
async function started(
  region: string,
  pod: string,
  seconds: number,
  start: () => Promise<unknown>,
): Promise<Socket> {
  const connection = start() as Promise<Socket>;
  const timeout = late(seconds);
  try {
    return await Promise.race([
      connection,
      timeout.passed.then(() => {
        connection.then(
          (socket) => socket.terminate(),
          () => undefined,
        );
        throw new TransientError(
          `${region}: psql has not started in ${pod} within ${seconds} s: its Kubernetes API does not answer`,
          true,
        );
      }),
    ]);
  } catch (error) {
    throw error instanceof TransientError ? error : refusalOf(region, pod, error);
  } finally {
    timeout.cancel();
  }
}

/** Rights that are missing do not come by waiting; a pod that is not there, or an API server that is busy, may. */
function refusalOf(region: string, pod: string, error: unknown): Error {
  const { message = String(error) } = error as { message?: string };
  const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
  const told = `${region}: psql cannot be started in ${pod}: ${message}`;
  return status === "401" || status === "403"
    ? new Error(told, { cause: error })
    : new TransientError(told, status === undefined, 0, { cause: error });
}

/** A mistake in a statement is there the next time too; whatever else ends psql may pass. */
function endOf(region: string, pod: string, complaint: string, exit: string): Error {
  const words = complaint || exit || "without a word";
  const message = `${region}: psql in ${pod} has ended: ${words}`;
  const isMistake = /\bERROR:/.test(complaint) && !/conflict with recovery/.test(complaint);
  return isMistake ? new Error(message) : new TransientError(message, false);
}

/** Waits until a connection is closed, and gives why if it broke. */
function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let failure = "";
    socket.on("error", ({ message }: Error) => (failure = message));
    socket.once("close", () => resolve(failure));
  });
}

function late(seconds: number): { readonly passed: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout;
  const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, seconds * 1000)));
  return { passed, cancel: () => clearTimeout(timer) };
}

/** One question after the other, whoever asks: answers are told apart by their order alone. */
export function inTurn<Question, Answer>(
  answerTo: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (question) => {
    const answer = last.then(() => answerTo(question));
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** As psql reads the arguments of its own commands, and libpq the values of a connection string. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** A text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function nextLine(lines: Interface): Promise<string> {
  const [line] = (await once(lines, "line")) as [string];
  return line;
}
