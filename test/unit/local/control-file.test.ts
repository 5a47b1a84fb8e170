import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { own } from "../../../src/local/postgres/account";
import { parseControlFile, readControlFile } from "../../../src/local/postgres/control-file";

/** The beginning of ControlFileData, as PostgreSQL lays it out on a 64-bit machine. */
function controlFile(fields: { version?: number; state?: number; length?: number } = {}): Buffer {
  const bytes = Buffer.alloc(8192, 0xff);
  bytes.writeBigUInt64LE(7_318_349_394_477_056_001n, 0); // system_identifier
  bytes.writeUInt32LE(fields.version ?? 1800, 8); // pg_control_version
  bytes.writeUInt32LE(202_506_291, 12); // catalog_version_no
  bytes.writeInt32LE(fields.state ?? 6, 16); // state
  bytes.writeBigInt64LE(1_790_000_000n, 24); // time
  bytes.writeBigUInt64LE(0x1_0300_0148n, 32); // checkPoint
  bytes.writeBigUInt64LE(0x1_0300_0110n, 40); // checkPointCopy.redo
  bytes.writeUInt32LE(3, 48); // checkPointCopy.ThisTimeLineID
  bytes.writeUInt32LE(2, 52); // checkPointCopy.PrevTimeLineID
  return bytes.subarray(0, fields.length ?? 8192);
}

describe("a control file", () => {
  it("tells the database's identity, its state, its latest checkpoint and the timeline", () => {
    expect(parseControlFile(controlFile())).toEqual({
      systemIdentifier: 7_318_349_394_477_056_001n,
      state: "in production",
      checkpoint: 0x1_0300_0148n,
      timeline: 3,
    });
  });

  it("is read where PostgreSQL keeps it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "control-"));
    try {
      await mkdir(join(folder, "global"));
      const file = join(folder, "global", "pg_control");
      await writeFile(file, controlFile({ state: 1 }));
      await own(file);
      expect(await readControlFile(folder)).toMatchObject({ state: "shut down", timeline: 3 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [0, "starting"],
    [1, "shut down"],
    [2, "shut down in recovery"],
    [3, "shutting down"],
    [4, "in crash recovery"],
    [5, "in archive recovery"],
    [6, "in production"],
  ])("with state %d is of a server that is %s", (state, expected) => {
    expect(parseControlFile(controlFile({ state })).state).toBe(expected);
  });

  it.each([-1, 7, 2 ** 31 - 1])("with state %d is refused: nobody knows it", (state) => {
    expect(() => parseControlFile(controlFile({ state }))).toThrow(
      "pg_control has a state that is not known",
    );
  });

  it.each([1100, 1300, 1700, 1800, 1900])("of version %d is read", (version) => {
    expect(parseControlFile(controlFile({ version })).timeline).toBe(3);
  });

  it.each([0, 1002, 1099, 1901, 0x4c04_0000])(
    "of version %d is refused: its fields may lie elsewhere",
    (version) => {
      expect(() => parseControlFile(controlFile({ version }))).toThrow(
        `pg_control has version ${version}; versions 1100 to 1900 are known`,
      );
    },
  );

  it("that was cut off is refused", () => {
    expect(() => parseControlFile(controlFile({ length: 0 }))).toThrow(
      "pg_control is too short to be a control file",
    );
    expect(() => parseControlFile(controlFile({ length: 55 }))).toThrow("too short");
    expect(parseControlFile(controlFile({ length: 56 })).timeline).toBe(3);
  });
});
