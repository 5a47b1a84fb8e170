import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What became of the requests to one region. */
export interface RegionLoad {
  readonly served: number;
  readonly failed: number;
}

/** What a load found. */
export interface LoadReport {
  readonly regions: Readonly<Record<string, RegionLoad>>;
  /** What was acknowledged: `client/number`. */
  readonly acknowledged: readonly string[];
  /** The longest time in which no region acknowledged a write. */
  readonly longestPauseMs: number;
  /** What failed, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

const intervalMs = 50;
const timeoutMs = 5000;
let clients = 0;

/** Clients of an application, one for each region: each writes, again and again, and reads now and then. */
export class HttpLoad {
  private stopped = false;
  private last = performance.now();
  private longestPauseMs = 0;
  private readonly acknowledged: string[] = [];
  private readonly counts: Record<string, { served: number; failed: number }>;
  private readonly errors: Record<string, number> = {};
  private readonly running: Promise<unknown>;

  /** @param urls Where the application answers, by region. */
  constructor(urls: Readonly<Record<string, string>>) {
    this.counts = Object.fromEntries(Object.keys(urls).map((region) => [region, { served: 0, failed: 0 }]));
    this.running = Promise.all(Object.entries(urls).map(([region, url]) => this.use(region, url, ++clients)));
  }

  async stop(): Promise<LoadReport> {
    this.stopped = true;
    await this.running;
    this.pause();
    const { counts, acknowledged, longestPauseMs, errors } = this;
    return { regions: counts, acknowledged, longestPauseMs, errors };
  }

  private async use(region: string, url: string, client: number): Promise<void> {
    for (let number = 0; !this.stopped; number++) {
      if (await this.ask(region, "POST", `${url}/orders/${client}/${number}`)) {
        this.acknowledged.push(`${client}/${number}`);
        this.pause();
      }
      if (number % 10 === 0) {
        await this.ask(region, "GET", `${url}/orders`);
      }
      await sleep(intervalMs);
    }
  }

  /** Tells whether it was served. */
  private async ask(region: string, method: string, url: string): Promise<boolean> {
    const reason = await ask(method, url).then(
      ({ status, text }) => (status < 300 ? undefined : `${status}: ${text.trim().slice(0, 200)}`),
      (error: Error) => error.message,
    );
    if (reason === undefined) {
      this.counts[region]!.served++;
    } else {
      this.counts[region]!.failed++;
      const what = `${region}: ${reason}`;
      this.errors[what] = (this.errors[what] ?? 0) + 1;
    }
    return reason === undefined;
  }

  private pause(): void {
    const now = performance.now();
    this.longestPauseMs = Math.max(this.longestPauseMs, now - this.last);
    this.last = now;
  }
}

/** By a connection of its own, as for a client that has just come: another would stay with a pod that is leaving. */
async function ask(method: string, url: string): Promise<{ status: number; text: string }> {
  const sent = request(url, { method, agent: false, signal: AbortSignal.timeout(timeoutMs) }).end();
  // What fails once the answer has begun is told by that.
  sent.on("error", () => undefined);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) {
    text += String(chunk);
  }
  return { status: response.statusCode!, text };
}

/** A report for humans. */
export function formatLoad(
  title: string,
  { regions, acknowledged, longestPauseMs, errors }: LoadReport,
): string {
  const sum = (of: keyof RegionLoad) => Object.values(regions).reduce((all, region) => all + region[of], 0);
  const each = Object.entries(regions).map(([region, { served, failed }]) => `${region} ${served}/${failed}`);
  return [
    `${title}: ${sum("served")} requests served, ${sum("failed")} failed (${each.join(", ")})`,
    `  ${acknowledged.length} writes acknowledged, the longest pause ${(longestPauseMs / 1000).toFixed(1)} s`,
    ...Object.entries(errors).map(([error, count]) => `  ${count} times ${error}`),
  ].join("\n");
}
