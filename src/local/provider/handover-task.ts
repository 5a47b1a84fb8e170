import { setTimeout as sleep } from "node:timers/promises";
import type { Login } from "../postgres/session";
import type { HandoverInputs } from "./inputs";

/** `previousPassword` is what a server without a socket may still have: the writer has yet to change it. */
export type Task = HandoverInputs & { readonly previousPassword: string | undefined };

/** How a handover logs in to a region. */
export function loginTo(
  { regions, superuserPassword, previousPassword, caCertificate }: Task,
  region: string,
): Login {
  const passwords = [...new Set([superuserPassword, previousPassword ?? superuserPassword])];
  return { region, ...regions[region]!, passwords, caCertificate };
}

/** Waits until something is done; throws `otherwise` once the time is over. */
export async function waitUntil(
  seconds: number,
  otherwise: string,
  done: () => Promise<boolean>,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await done()); await sleep(3)) {
    if (Date.now() > end) {
      throw new Error(`${otherwise} within ${seconds} s`);
    }
  }
}
