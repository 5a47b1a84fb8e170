// @ts-check
import { createHash } from "node:crypto";
import { createReadStream, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "../../bootstrap/process.mjs";

/**
 * Writes `image.tar`, an image of one layer as `docker save` writes it, and takes its parts away.
 * @param {{ folder: string, layer: string, image: string, config: object }} image where `layer` is the folder of the
 *   layer, or has in it a `layer.tar` that is the layer
 */
export async function writeArchive({ folder, layer, image, config }) {
  const tar = join(folder, "layer.tar");
  if (existsSync(join(layer, "layer.tar"))) renameSync(join(layer, "layer.tar"), tar);
  else
    await run("tar", [
      "--create",
      "--numeric-owner",
      "--owner=0",
      "--group=0",
      "--file",
      tar,
      "-C",
      layer,
      ".",
    ]);

  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const rootfs = { type: "layers", diff_ids: [`sha256:${await digestOf(tar)}`] };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ architecture, os: "linux", config, rootfs }));
  const manifest = [{ Config: "config.json", RepoTags: [image], Layers: ["layer.tar"] }];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));

  const parts = ["manifest.json", "config.json", "layer.tar"];
  await run("tar", ["--create", "--file", join(folder, "image.tar"), "-C", folder, ...parts]);
  for (const part of [...parts, "layer"]) rmSync(join(folder, part), { recursive: true });
}

/** @param {string} file */
async function digestOf(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
