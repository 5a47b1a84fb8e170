import { chown } from "node:fs/promises";
import { run, type Account } from "./run";

let found: Promise<Account | undefined> | undefined;

/** The account that servers run under. Ours, unless we are root, as whom PostgreSQL refuses to run: then `postgres` if the machine knows it, else `nobody`. */
export function serverAccount(): Promise<Account | undefined> {
  found ??=
    process.getuid?.() === 0 ? lookUp(["postgres", "_postgres", "nobody"]) : Promise.resolve(undefined);
  return found;
}

/** Hands a file or folder to the account that servers run under. */
export async function own(path: string): Promise<void> {
  const account = await serverAccount();
  if (account !== undefined) {
    await chown(path, account.uid, account.gid);
  }
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
