import { createServer, request, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Heard {
  readonly action: string;
  readonly region: string;
}

/** How AWS does not do what it is asked. */
interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What AWS answers when it is busy, or unwell. */
const transientFailures: readonly Failure[] = [
  { status: 400, code: "Throttling", message: "Rate exceeded" },
  { status: 503, code: "ServiceUnavailable", message: "Unavailable" },
  { status: 500, code: "InternalFailure", message: "Internal" },
];

/** Stands in front of MiniStack: hears what is asked, and fails as AWS does at times. */
export class ApiFront {
  seen: Heard[] = [];
  /** The codes that were answered instead of what was asked. */
  failed: string[] = [];
  /** How many requests are yet to fail. */
  failures = 0;
  #failure = transientFailures[0]!;
  #lost: string | undefined;
  readonly #cutOff = new Set<string>();
  #every = 0;
  #asked = 0;

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async before(behind: string): Promise<ApiFront> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const front = new ApiFront(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const { method, url, headers } = incoming;
        const action = actionOf(headers, body);
        front.seen.push({ action, region: regionOf(headers) });
        if (front.#cutOff.has(regionOf(headers))) {
          outgoing.destroy();
          return;
        }
        const failure = front.nextFailure();
        if (failure !== undefined) {
          front.failed.push(failure.code);
          answerWith(failure, headers, outgoing);
          return;
        }
        const passed = request(new URL(url!, behind), { method: method!, headers }, (answer) => {
          if (front.#lost === action) {
            front.#lost = undefined;
            answer.resume();
            outgoing.destroy();
            return;
          }
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        passed.on("error", () => outgoing.destroy());
        passed.end(body);
      });
    });
    return front;
  }

  /** What was asked to be changed, and in which AWS region. */
  changes(): string[] {
    return this.seen
      .filter(({ action }) => !action.startsWith("Describe"))
      .map(({ action, region }) => `${action} ${region}`);
  }

  failNext(count: number, status: number, code: string, message: string): void {
    this.failures = count;
    this.#failure = { status, code, message };
  }

  /** Fails every so many requests, in each of the ways in turn. */
  failEvery(count: number): void {
    this.#every = count;
    this.#asked = 0;
  }

  loseAnswerOf(action: string): void {
    this.#lost = action;
  }

  /** An AWS region answers nothing any more, until the reset. */
  cutOff(region: string): void {
    this.#cutOff.add(region);
  }

  reset(): void {
    this.seen = [];
    this.#cutOff.clear();
    this.failed = [];
    this.failures = 0;
    this.#every = 0;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private nextFailure(): Failure | undefined {
    if (this.failures > 0) {
      this.failures -= 1;
      return this.#failure;
    }
    if (this.#every === 0) {
      return undefined;
    }
    this.#asked += 1;
    const turn = this.#asked / this.#every;
    return Number.isInteger(turn) ? transientFailures[turn % transientFailures.length] : undefined;
  }
}

/** Some services take forms, others JSON. */
function actionOf(headers: IncomingHttpHeaders, body: Buffer): string {
  const target = String(headers["x-amz-target"] ?? "");
  return new URLSearchParams(body.toString()).get("Action") ?? target.split(".").at(-1) ?? "";
}

function regionOf({ authorization = "" }: IncomingHttpHeaders): string {
  return /\/([a-z0-9-]+)\/[a-z0-9]+\/aws4_request/.exec(authorization)?.[1] ?? "";
}

function answerWith(
  { status, code, message }: Failure,
  headers: IncomingHttpHeaders,
  outgoing: ServerResponse,
): void {
  if (headers["x-amz-target"] !== undefined) {
    const type = "application/x-amz-json-1.1";
    outgoing.writeHead(status, { "content-type": type }).end(JSON.stringify({ __type: code, message }));
    return;
  }
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  const isEc2 = /\/ec2\/aws4_request/.test(headers.authorization ?? "");
  outgoing
    .writeHead(status, { "content-type": "text/xml" })
    .end(
      isEc2
        ? `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>`
        : `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`,
    );
}
