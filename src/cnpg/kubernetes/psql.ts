import { once, type EventEmitter } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { PassThrough } from "node:stream";
import type * as ClientNode from "@kubernetes/client-node" with { "resolution-mode": "import" };
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
type Socket = EventEmitter & { close(): void };

const answerSeconds = 10;
// With ON_ERROR_STOP a mistake ends psql, and what it had to say is told.
const psqlOptions = [
  ...["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"],
  ...["--set=ON_ERROR_STOP=1", "--username=postgres"],
];

/** As the kubelet runs it, in the instance's own container: no password, and nothing that the network must let through. */
export async function openPsql(exec: ClientNode.Exec, access: Access, pod: string): Promise<Psql> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const command = ["psql", ...psqlOptions];
  const connection: unknown = await exec.exec(
    access.namespace,
    pod,
    "postgres",
    command,
    output,
    errors,
    input,
    false,
  );
  const socket = connection as Socket;
  const lines = createInterface(output);
  let complaint = "";
  errors.on("data", (text: Buffer) => (complaint += text.toString()));
  const gone = once(socket, "close").then(() => {
    throw new Error(`${access.region}: psql in ${pod} has ended: ${complaint.trim() || "without a word"}`);
  });
  gone.catch(() => undefined);
  const answerTo = async (text: string): Promise<string> => {
    complaint = "";
    const answer = nextLine(lines);
    input.write(text);
    const late = AbortSignal.timeout(answerSeconds * 1000);
    return Promise.race([
      answer,
      gone,
      once(late, "abort").then(() => {
        // What comes after all must not pass for the answer to the next question.
        socket.close();
        throw new Error(
          `${access.region}: ${pod} has not answered within ${answerSeconds} s: ${complaint.trim()}`,
        );
      }),
    ]);
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

async function nextLine(lines: Interface): Promise<string> {
  const [line] = (await once(lines, "line")) as [string];
  return line;
}
