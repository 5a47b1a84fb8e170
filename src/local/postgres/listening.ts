import { join } from "node:path";
import { readIfThere, type RegionFiles } from "./folders";

/** Where a server listens, as it wrote down when it started: what is asked of it now may be another place. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** The folder of its socket; undefined for a server that has none, as version 0.1.0 started them. */
  readonly socketFolder: string | undefined;
}

/** Where a region's server listens, or undefined if it does not run. */
export async function listeningOn(files: Pick<RegionFiles, "data">): Promise<Listening | undefined> {
  return parsePostmasterFile((await readIfThere(join(files.data, "postmaster.pid"))) ?? "");
}

/** Reads `postmaster.pid`, whose lines have kept their places since PostgreSQL 9.1. */
export function parsePostmasterFile(text: string): Listening | undefined {
  const [, , , port, socketFolder, host] = text.split("\n");
  if (host === undefined || !(Number(port) > 0)) {
    return undefined; // The server has just begun to start.
  }
  return { host, port: Number(port), socketFolder: socketFolder === "" ? undefined : socketFolder };
}
