import { join } from "node:path";
import { pathToFileURL } from "node:url";

const server = pathToFileURL(join(__dirname, "../../tools/moto/server.mjs")).href;

/** A fake of the AWS API by other people than MiniStack's: where both take something, it is less likely to be wrong. */
export interface Moto {
  /** What makes an AWS client find it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const { startMoto: start } = (await import(server)) as { startMoto(): Promise<Moto> };
  return start();
}
