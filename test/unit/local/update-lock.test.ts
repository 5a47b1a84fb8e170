import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimPrefix } from "../../../src/local/postgres/folders";
import { parseProcStat } from "../../../src/local/postgres/process-records";
import { claimTopology, parseClaim } from "../../../src/local/provider/update-lock";

describe("the claim of an update", () => {
  let folder: string;
  let other: ChildProcess;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "claim-"));
    other = spawn("sleep", ["600"]);
    const { started } = parseProcStat(await readFile(`/proc/${other.pid}/stat`, "utf8"))!;
    const claim = { owner: "shop/prod/db", pid: other.pid, started, since: "2026-11-28T02:00:00.000Z" };
    await writeFile(join(folder, `${claimPrefix}other`), JSON.stringify(claim));
  });
  afterEach(async () => {
    other.kill();
    await rm(folder, { recursive: true });
  });

  const claims = async () => (await readdir(folder)).filter((name) => name.startsWith(claimPrefix));

  it("is refused while another process that lives has one, which is named", async () => {
    await expect(claimTopology(folder, "shop/test/db")).rejects.toThrow(
      `another update of ${folder.split("/").at(-1)} is running: shop/prod/db, process ${other.pid}, since 2026-11-28`,
    );
    expect(await claims()).toEqual([`${claimPrefix}other`]);
  });

  it("is given once the other process is gone, and kept: it is asked for at every step", async () => {
    const ended = new Promise((resolve) => other.once("exit", resolve));
    other.kill();
    await ended;
    await claimTopology(folder, "shop/test/db");
    await claimTopology(folder, "shop/test/db");
    const [name, ...more] = await claims();
    expect(more).toEqual([]);
    expect(parseClaim(await readFile(join(folder, name!), "utf8"))).toMatchObject({
      owner: "shop/test/db",
      pid: process.pid,
    });
  });

  it("is not hindered by a process that has the pid of one that is gone", async () => {
    const claim = { owner: "shop/prod/db", pid: other.pid, started: "1", since: "2026-11-28T02:00:00.000Z" };
    await writeFile(join(folder, `${claimPrefix}other`), JSON.stringify(claim));
    await claimTopology(folder, "shop/test/db");
    expect(await claims()).toHaveLength(1);
  });
});
