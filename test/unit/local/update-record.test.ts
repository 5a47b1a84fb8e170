import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { own } from "../../../src/local/postgres/account";
import { beginUpdate, isUnrecorded } from "../../../src/local/provider/update-record";

describe("the record of an update", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "record-"));
    await own(folder);
    await chmod(folder, 0o700);
    path = join(folder, "server-update");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("tells an update that did not come into the state", async () => {
    const first = await beginUpdate(path, undefined);
    expect(await isUnrecorded(path, first.id)).toBe(false);
    await beginUpdate(path, first.id);
    expect(await isUnrecorded(path, first.id)).toBe(true);
  });

  it("is missing, in the folder and in the state, where earlier versions updated", async () => {
    expect(await isUnrecorded(path, undefined)).toBe(false);
  });

  it("names the roles of every update since the last one that came into the state", async () => {
    const first = await beginUpdate(path, undefined, ["report"]);
    await beginUpdate(path, first.id, ["report", "audit"]);
    const third = await beginUpdate(path, first.id, ["billing"]);
    expect(third.unrecorded?.roles).toEqual(["report", "audit"]);
    const fourth = await beginUpdate(path, first.id, []);
    expect(fourth.unrecorded?.roles).toEqual(["billing", "report", "audit"]);
    const fifth = await beginUpdate(path, fourth.id, []);
    expect(fifth.unrecorded).toBeUndefined();
  });

  it("that cannot be written makes the next update change something", async () => {
    const { id } = await beginUpdate(path, undefined);
    await rm(path);
    await mkdir(path);
    await own(path);
    const next = await beginUpdate(join(path, "missing", "server-update"), id);
    expect(await isUnrecorded(join(path, "missing", "server-update"), next.id)).toBe(true);
  });

  it("that somebody wrote is of no update", async () => {
    await writeFile(path, "{", { mode: 0o600 });
    await own(path);
    expect(await isUnrecorded(path, "7d0f")).toBe(true);
  });
});
