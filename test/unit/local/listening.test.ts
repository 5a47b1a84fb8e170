import { parsePostmasterFile } from "../../../src/local/postgres/listening";

const written = (port: string, socket: string, host: string) =>
  ["4711", "/data/rome/data", "1764295200", port, socket, host, "  5432001  0", "ready   ", ""].join("\n");

describe("postmaster.pid", () => {
  it("tells where a server listens, and where its socket is", () => {
    const expected = { host: "localhost", port: 5501, socketFolder: "/run/rome" };
    expect(parsePostmasterFile(written("5501", "/run/rome", "localhost"))).toEqual(expected);
  });

  it("tells that a server of version 0.1.0 has no socket", () => {
    const expected = { host: "localhost", port: 5501, socketFolder: undefined };
    expect(parsePostmasterFile(written("5501", "", "localhost"))).toEqual(expected);
  });

  it.each(["", "4711\n", "4711\n/data/rome/data\n1764295200\n"])(
    "tells nothing while a server has just begun to start: %j",
    (text) => expect(parsePostmasterFile(text)).toBeUndefined(),
  );
});
