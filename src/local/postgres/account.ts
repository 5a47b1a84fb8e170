import { lchown } from "node:fs/promises";
import { run, type Account } from "./run";

let found: Promise<Account | undefined> | undefined;

/** The account that servers run under. Ours, unless we are root, as whom PostgreSQL refuses to run: then `postgres` if the machine knows it, else `nobody`. */
export function serverAccount(): Promise<Account | undefined> {
  found ??=
    process.getuid?.() === 0 ? lookUp(["postgres", "_postgres", "nobody"]) : Promise.resolve(undefined);
  return found;
}

/** Gives a folder to the account that servers run under. A link is not followed. */
export async function own(path: string): Promise<void> {
  const account = await serverAccount();
  if (account !== undefined) {
    await lchown(path, account.uid, account.gid);
  }
}

/**
 * Runs a line of `sh` under the account that servers run under; `$1` and the following are `args`. Everything that
 * is changed inside a region's folder is changed by this: the folder belongs to that account, which could put a
 * link in the place of any file or folder, and root would follow the link to files of others.
 */
export async function underAccount(line: string, args: readonly string[], input?: string): Promise<void> {
  await run("/bin/sh", ["-c", `umask 077; ${line}`, "sh", ...args], {
    account: await serverAccount(),
    cwd: "/",
    ...(input === undefined ? {} : { input }),
  });
}

async function lookUp(names: readonly string[]): Promise<Account> {
  for (const name of names) {
    try {
      const uid = Number((await run("id", ["-u", name])).trim());
      const gid = Number((await run("id", ["-g", name])).trim());
      return { uid, gid };
    } catch {
      // The machine does not know this account; the next one may do.
    }
  }
  throw new Error(`none of the accounts ${names.join(", ")} exists, and PostgreSQL refuses to run as root`);
}
