import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs openssl with the given texts as files, named in the arguments by their keys after an @. */
export function openssl(args: string, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "openssl-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    }
    const words = args.split(" ").map((word) => word.replace(/^@/, `${folder}/`));
    const { stdout, stderr, status } = spawnSync("openssl", words, { encoding: "utf8" });
    if (status !== 0) {
      throw new Error(`openssl ${args}: ${stdout}${stderr}`);
    }
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
