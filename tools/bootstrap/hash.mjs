import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The hash of texts, or of anything that JSON can tell. */
export function hashOf(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The names, relative to `root`, and contents of files; one that does not exist counts as absent. */
export function contentsOf(root, files) {
  return files.map((file) => [relative(root, file), existsSync(file) ? readFileSync(file, "utf8") : null]);
}

/** Every file below a folder, in an order that is the same on every machine. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
}

/** The hash of the inputs that made a folder, kept in that folder, so it goes when the folder goes. */
export class Stamp {
  constructor(folder) {
    this.file = join(folder, ".bootstrap-hash");
  }

  read() {
    return existsSync(this.file) ? readFileSync(this.file, "utf8").trim() : undefined;
  }

  write(hash) {
    writeFileSync(this.file, `${hash}\n`);
  }
}
