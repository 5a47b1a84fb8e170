import type { Clock } from "../../../src/kubernetes/transient";

/** Time that passes only where somebody waits for it. */
export class FakeClock implements Clock {
  private milliseconds = 0;

  /** @param pass Is told whenever time has passed. */
  constructor(private readonly pass: (seconds: number) => void = () => undefined) {}

  now(): number {
    return this.milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.milliseconds += milliseconds;
    this.pass(this.milliseconds / 1000);
    // What others do meanwhile comes first.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
