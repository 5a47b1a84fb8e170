import { lookup } from "node:dns/promises";
import { createServer } from "node:net";
import type { RegionFiles } from "./folders";
import { listeningOn } from "./listening";
import { conditionOf } from "./server";
import { listenerOn, type Listener } from "./listener";

/** Why a server cannot listen where it should, or undefined if it can, or does. */
export async function whyPortIsTaken(
  { host, port }: { host: string; port: number },
  files: RegionFiles,
): Promise<string | undefined> {
  if ((await conditionOf(files)).pid !== undefined && (await listeningOn(files))?.port === port) {
    return undefined;
  }
  const addresses = await lookup(host, { all: true }).catch(() => []);
  if (addresses.length === 0) {
    return `cannot be listened on: ${host} is not a name of this machine`;
  }
  for (const { address } of addresses) {
    const refusal = await whyNotListening(address, port);
    if (refusal !== undefined && refusal !== "EADDRNOTAVAIL") {
      const listener = refusal === "EADDRINUSE" ? await listenerOn(port) : undefined;
      if (listener?.folder === files.data) {
        return undefined;
      }
      const reason = refusal === "EADDRINUSE" ? `another program listens there${named(listener)}` : refusal;
      return `${port} on ${host} is taken: ${reason}`;
    }
  }
  return undefined;
}

function named(listener: Listener | undefined): string {
  return listener === undefined
    ? ""
    : `, ${listener.program} in ${listener.folder} (process ${listener.pid})`;
}

function whyNotListening(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host: address, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
