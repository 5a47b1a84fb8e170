import { connect } from "node:net";

/**
 * An engine that is killed leaves this process behind, half-way through a step. The next `up` finishes what was
 * begun, and must not meet it: so this process ends when the engine no longer answers at the address that every
 * plugin is given. (Its parent does not tell: between the two there may be a shell.)
 */
export function endWithEngine(args: readonly string[] = process.argv): void {
  const [, ipv6, name, port] =
    args.map((arg) => /^(?:\[([\w:]+)\]|([\w.]+)):(\d+)$/.exec(arg)).find((match) => match !== null) ?? [];
  const host = ipv6 ?? name;
  if (host === undefined) {
    return;
  }
  const watch = (): void => {
    const line = connect({ host, port: Number(port) });
    line.unref().resume();
    let answered = false;
    line.once("connect", () => (answered = true));
    line.on("error", () => undefined);
    line.once("close", () => {
      if (!answered) {
        process.exit(1);
      }
      // The engine closes connections that say nothing, after a while.
      watch();
    });
  };
  watch();
}
