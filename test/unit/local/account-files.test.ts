import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serverAccount } from "../../../src/local/postgres/account";
import {
  makePrivateFolder,
  makeRegionFolder,
  putInPlace,
  readIfThere,
  regionFiles,
  removeFile,
  replacedData,
  writePrivateFile,
  type RegionFiles,
} from "../../../src/local/postgres/folders";
import { claim, removeRegion, whyForeign } from "../../../src/local/postgres/topology-folder";
import { testFolder } from "../../support/folder";

const owner = { topology: "project/stack/db" };

describe("the folder of a region", () => {
  let dataDir: string;
  let files: RegionFiles;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(testFolder(), "account-files-"));
    await chmod(dataDir, 0o755);
    files = regionFiles(join(dataDir, "rome"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  /** A folder and a file that only we may change. */
  async function ours(): Promise<{ folder: string; file: string }> {
    const folder = join(dataDir, "ours");
    const file = join(folder, "server.crt");
    await mkdir(folder, { mode: 0o700 });
    await writeFile(file, "ours", { mode: 0o600 });
    return { folder, file };
  }

  /** As the servers' account does it: nobody but that account need be able to. */
  async function plant(target: string, link: string): Promise<void> {
    await symlink(target, link);
  }

  const isRoot = process.getuid?.() === 0;

  test("a link in the place of a file is replaced: the file that it leads to is not written", async () => {
    const { file } = await ours();
    await makeRegionFolder(files.folder);
    await makePrivateFolder(join(files.folder, "tls"));
    await plant(file, files.serverCertificate);
    await writePrivateFile(files.serverCertificate, "certificate");
    expect(await readFile(file, "utf8")).toBe("ours");
    expect((await stat(file)).uid).toBe(process.getuid!());
    expect(await readFile(files.serverCertificate, "utf8")).toBe("certificate");
  });

  test("a link in the place of a folder leads to nothing that the servers' account may not change", async () => {
    const { folder, file } = await ours();
    await makeRegionFolder(files.folder);
    await plant(folder, join(files.folder, "tls"));
    const written = writePrivateFile(files.serverCertificate, "certificate");
    // Where servers run under our own account, that may change what we may.
    await (isRoot ? expect(written).rejects.toThrow("Permission denied") : written);
    await removeFile(files.serverCertificate).catch(() => undefined);
    expect(await readdir(folder)).toEqual(isRoot ? ["server.crt"] : []);
    if (isRoot) {
      expect(await readFile(file, "utf8")).toBe("ours");
    }
  });

  test("a link in the place of a file, and a file of another account, are not read", async () => {
    const { folder, file } = await ours();
    await makeRegionFolder(files.folder);
    await plant(file, files.demotion);
    await expect(readIfThere(files.demotion)).rejects.toThrow(`${files.demotion} is a link`);
    await plant(folder, join(files.folder, "tls"));
    const read = readIfThere(files.serverCertificate);
    await (isRoot ? expect(read).rejects.toThrow("belongs to user 0") : expect(read).resolves.toBe("ours"));
  });

  test("a region's folder that is a link does not give what it leads to to the servers' account", async () => {
    const { folder } = await ours();
    await plant(folder, files.folder);
    await makeRegionFolder(files.folder);
    expect((await stat(folder)).uid).toBe(process.getuid!());
  });

  test("what is deleted is what was made: links go, what they lead to stays, and so do others' files", async () => {
    const { file, folder } = await ours();
    await claim(files, owner);
    await makePrivateFolder(files.data);
    await plant(folder, join(files.data, "base"));
    await writeFile(join(files.folder, "notes.txt"), "");
    expect(await removeRegion(files, owner)).toEqual([join(files.folder, "notes.txt")]);
    expect(await readdir(files.folder)).toEqual(["notes.txt"]);
    expect(await readFile(file, "utf8")).toBe("ours");
  });

  test("what another topology has made is not deleted", async () => {
    await claim(files, owner);
    await makePrivateFolder(files.data);
    expect(await removeRegion(files, { topology: "project/stack/other" })).toEqual([files.folder]);
    expect((await readdir(files.folder)).sort()).toEqual(["data", "topology"]);
  });

  test("is this topology's after an update that was killed while it wrote the mark", async () => {
    await makeRegionFolder(files.folder);
    await writeFile(`${files.owner}.0b8f7f3e-4c56-4a39-9d0e-1f2a3b4c5d6e`, "");
    expect(await whyForeign(files, owner)).toBeUndefined();
  });

  test("may be a mount point, which is not removed", async () => {
    await mkdir(join(files.folder, "lost+found"), { recursive: true });
    expect(await whyForeign(files, owner)).toBeUndefined();
    await claim(files, owner);
    expect(await removeRegion(files, owner)).toEqual([]);
    expect(await readdir(files.folder)).toEqual(["lost+found"]);
  });

  test.each(["ca.crt", "topology.txt"])("is refused beside a foreign %s", async (name) => {
    await writeFile(join(dataDir, name), "somebody's");
    expect(await whyForeign(files, owner)).toMatch(
      /was made by no topology|belongs to the topology somebody's/,
    );
    await expect(claim(files, owner)).rejects.toThrow();
    expect(await readFile(join(dataDir, name), "utf8")).toBe("somebody's");
  });

  test("is refused beside regions of another topology of version 0.1.0, which marked no folder of all", async () => {
    await claim(regionFiles(join(dataDir, "lisbon")), { topology: "project/stack/other" });
    await rm(files.publicOwner);
    expect(await whyForeign(files, owner)).toContain("belongs to the topology project/stack/other");
    expect(await whyForeign(files, { ...owner, formerly: "project/stack/other" })).toBeUndefined();
  });

  test("keeps the data that a copy takes the place of, under another name", async () => {
    await claim(files, owner);
    for (const [path, text] of [
      [files.data, "old"],
      [`${files.data}.clone`, "new"],
    ] as const) {
      await makePrivateFolder(path);
      await writePrivateFile(join(path, "PG_VERSION"), text);
    }
    await putInPlace(`${files.data}.clone`, files.data);
    const [replaced, ...others] = await replacedData(files);
    expect(others).toEqual([]);
    expect(await readFile(join(files.data, "PG_VERSION"), "utf8")).toBe("new");
    expect(await readFile(join(replaced!, "PG_VERSION"), "utf8")).toBe("old");
    const account = await serverAccount();
    expect((await stat(files.data)).uid).toBe(account?.uid ?? process.getuid!());
  });
});
