import { createHash } from "node:crypto";
import { lstat, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { own, serverAccount } from "./account";
import { cacheHome } from "./folders";

/** The longest path of a socket that every system takes: macOS has room for 103 bytes, Linux for 107. */
const longestSocket = 103;

/**
 * The folder of the socket by which the providers reach a region's server. Not below the region's own folder: its
 * path may be too long, and a folder that is shared with a virtual machine takes no sockets.
 */
export function socketFolder(folder: string): string {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const candidates = [join(cacheHome(), "sockets", name), join("/tmp", `multi-region-postgres-${name}`)];
  return candidates.find((path) => socketPath(path, 65_535).length <= longestSocket) ?? candidates[1]!;
}

/** Where a server that listens on a port has its socket. */
export function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`);
}

/** Makes the folder of a region's socket. Refuses one in which another account could put a socket. */
export async function makeSocketFolder(folder: string): Promise<void> {
  const path = socketFolder(folder);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const made = await mkdir(path, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (made) {
    await own(path);
    return;
  }
  const found = await lstat(path);
  const uid = (await serverAccount())?.uid ?? process.getuid?.();
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(`${path} is not a private folder of the servers' account: remove it, and run pulumi up`);
  }
}

/** Removes the folder of the socket of a region whose server has stopped for good. */
export async function removeSocketFolder(folder: string): Promise<void> {
  await rm(socketFolder(folder), { recursive: true, force: true });
}
