import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { alive } from "../support/processes";
import { ask, writersOf } from "../support/region";

const isRoot = process.getuid?.() === 0;

/**
 * `dataDir` and the writer's folder as file systems of their own. Without root nothing can be mounted: then both are
 * plain folders, and the writer's is closed instead of full.
 */
describe("regions on disks of their own", () => {
  let topology: LocalTopology;
  let places: string[];

  beforeAll(async () => {
    topology = await LocalTopology.create();
    places = [topology.dataDir, join(topology.dataDir, "rome")];
    for (const place of places) {
      mkdirSync(place, { mode: 0o755 });
      if (isRoot) {
        const size = place === topology.dataDir ? "2g" : "256m";
        execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0755`, "tmpfs", place]);
      }
    }
    await topology.up();
    const outputs = await topology.outputs();
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE kept AS SELECT 1 AS id");
  });
  afterAll(async () => {
    await topology.dispose();
    for (const place of [...places].reverse()) {
      if (isRoot) {
        execFileSync("umount", [place]);
      }
      rmSync(place, { recursive: true, force: true });
    }
  });

  async function fill(folder: string): Promise<void> {
    if (!isRoot) {
      chmodSync(folder, 0o500);
      return;
    }
    const file = await open(join(folder, "filler"), "a");
    const megabyte = Buffer.alloc(1 << 20, 1);
    // In ever smaller pieces, until not one byte is left.
    for (let size = megabyte.length; size >= 1; size = size >> 1) {
      while (
        await file
          .write(megabyte, 0, size)
          .then(({ bytesWritten }) => bytesWritten > 0)
          .catch(() => false)
      );
    }
    await file.close();
    expect(statfsSync(folder).bavail).toBe(0);
  }

  function makeRoom(folder: string): void {
    if (isRoot) {
      rmSync(join(folder, "filler"));
    } else {
      chmodSync(folder, 0o700);
    }
  }

  test("a lost writer whose disk is full is stopped before another region writes", async () => {
    const rome = topology.region("rome");
    const processes = await rome.processes();
    await fill(rome.folder);
    const { code } = await topology.tryUp({ primary: "lisbon", lost: ["rome"] });
    expect(await alive(processes)).toEqual([]);
    expect(await rome.isRunning()).toBe(false);
    // Marks are empty files: a full disk takes them, a closed folder does not.
    expect(code === 0).toBe(isRoot);
    expect(await writersOf(await topology.outputs())).toEqual(isRoot ? ["lisbon"] : []);

    makeRoom(rome.folder);
    await topology.up({ primary: "lisbon", lost: ["rome"] });
    expect(await rome.condition()).toMatchObject({ standby: true, fenced: true });
    await topology.up({ lost: [] });
    const outputs = await topology.outputs();
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    await eventually(async () =>
      expect(await ask(outputs, outputs.regions["rome"]!.endpoint, "SELECT id FROM kept")).toEqual([
        { id: 1 },
      ]),
    );
  });

  test("are destroyed, and leave the mount points empty", async () => {
    await topology.stack.destroy();
    for (const place of places.filter(existsSync)) {
      expect(readdirSync(place).filter((name) => !places.includes(join(place, name)))).toEqual([]);
    }
    expect(places.map((place) => existsSync(place))).toEqual([isRoot, isRoot]);
    await topology.up({ primary: "rome" });
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
  });
});
