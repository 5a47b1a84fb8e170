import { lookup } from "node:dns/promises";
import { createServer } from "node:net";
import type { RegionFiles } from "./folders";
import { conditionOf } from "./server";
import { readIfThere } from "./folders";
import { listenerOn, type Listener } from "./listener";
import { join } from "node:path";

/** Why a server cannot listen where it should, or undefined if it can, or does. */
export async function whyPortIsTaken(
  { host, port }: { host: string; port: number },
  files: RegionFiles,
): Promise<string | undefined> {
  if ((await conditionOf(files)).pid !== undefined && (await ownPort(files)) === port) {
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

async function ownPort(files: RegionFiles): Promise<number> {
  return Number((await readIfThere(join(files.data, "postmaster.pid")))?.split("\n")[3]);
}

function whyNotListening(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host: address, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}
