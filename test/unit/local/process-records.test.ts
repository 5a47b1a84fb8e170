import {
  isChildTitle,
  isFolder,
  isServerProgram,
  parseLsof,
  parsePidFile,
  parseProcStat,
  parsePs,
  sortOut,
  type ServerProcess,
} from "../../../src/local/postgres/process-records";

describe("a record of a process", () => {
  const rest = "12 12 0 -1 4194560 1 0 0 0 0 0 0 0 39 19 1 0 998877 225 1";

  it("is read from /proc, whatever the program's name", () => {
    expect(parseProcStat(`4711 (a) T (b c) S 7 ${rest}`)).toEqual({
      pid: 4711,
      name: "a) T (b c",
      parent: 7,
      started: "998877",
      suspended: false,
      ended: false,
    });
  });

  it("tells suspended and ended processes from /proc", () => {
    expect(parseProcStat(`1 (postgres) T 7 ${rest}`)).toMatchObject({ suspended: true, ended: false });
    expect(parseProcStat(`1 (postgres) Z 7 ${rest}`)).toMatchObject({ suspended: false, ended: true });
    expect(parseProcStat("")).toBeUndefined();
  });

  it("is read from ps, of Linux and of macOS", () => {
    const text =
      "  4711     1 Ss   Sat Nov 28 01:54:40 2026     /opt/pg/bin/postgres -D .\n" +
      " 4712  4711 T    Sat Nov  8 01:54:41 2026     postgres: rome: walwriter \n";
    expect(parsePs(text)).toEqual([
      {
        pid: 4711,
        parent: 1,
        started: "Sat Nov 28 01:54:40 2026",
        command: "/opt/pg/bin/postgres -D .",
        suspended: false,
        ended: false,
      },
      {
        pid: 4712,
        parent: 4711,
        started: "Sat Nov 8 01:54:41 2026",
        command: "postgres: rome: walwriter ",
        suspended: true,
        ended: false,
      },
    ]);
    expect(parsePs("")).toEqual([]);
  });
});

describe("a server's processes", () => {
  const one = (pid: number, parent: number, child: boolean): ServerProcess => ({
    pid,
    parent,
    child,
    started: "1",
    suspended: false,
    ended: false,
  });

  it("are told apart by their titles", () => {
    const all = [one(11, 10, true), one(10, 1, false), one(12, 10, true)];
    expect(sortOut(all, undefined)).toEqual({ main: all[1], all: [all[1], all[0], all[2]] });
  });

  it("have no main one once the postmaster was killed", () => {
    const all = [one(11, 1, true), one(12, 1, true)];
    expect(sortOut(all, 10)).toEqual({ main: undefined, all });
  });

  it("have one main one while a child is not renamed yet", () => {
    expect(sortOut([one(11, 10, false), one(10, 1, false)], undefined).main?.pid).toBe(10);
  });

  it("are recognised by program, working directory and title", () => {
    expect(
      ["/usr/lib/postgresql/15/bin/postgres", "/pg/postgres (deleted)", "postmaster"].map(isServerProgram),
    ).toEqual([true, true, true]);
    expect(["/usr/bin/psql", "/usr/lib/postgres/bash"].map(isServerProgram)).toEqual([false, false]);
    expect(isFolder("/d/rome/data", "/d/rome/data")).toBe(true);
    expect(isFolder("/d/rome/data (deleted)", "/d/rome/data")).toBe(true);
    expect(isFolder("/d/rome/data.clone", "/d/rome/data")).toBe(false);
    expect(isChildTitle("postgres: rome: walwriter ")).toBe(true);
    expect(isChildTitle("postgres\0-D\0.\0")).toBe(false);
  });

  it("are listed by lsof with their folders", () => {
    expect(parseLsof("p10\nfcwd\nn/d/rome/data\np11\nfcwd\nn/d/lisbon data\n")).toEqual([
      { pid: 10, folder: "/d/rome/data" },
      { pid: 11, folder: "/d/lisbon data" },
    ]);
    expect(parseLsof("")).toEqual([]);
  });
});

describe("postmaster.pid", () => {
  it("names a process, its start, its port and whether it is ready", () => {
    const text = "4711\n/d/rome/data\n1790000000\n5501\n\nlocalhost\n  1182401        53\nready   \n";
    expect(parsePidFile(text)).toEqual({ pid: 4711, started: 1_790_000_000, port: 5501, ready: true });
  });

  it("has a minus before the pid in single-user mode, and is none when it is empty or absent", () => {
    expect(parsePidFile("-4711\n/d\n1790000000\n")).toMatchObject({ pid: 4711, ready: false });
    expect(parsePidFile("")).toBeUndefined();
    expect(parsePidFile(undefined)).toBeUndefined();
  });
});
