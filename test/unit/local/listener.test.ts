import { createServer, type AddressInfo } from "node:net";
import { listenerOn, socketsIn } from "../../../src/local/postgres/listener";

describe("the program that listens on a port", () => {
  it("is read from the tables of the kernel", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:157D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1 0 100 0 0 10 0",
      "   1: 0100007F:157D 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 42 1 0 100 0 0 10 0",
      "   2: 0100007F:157E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43 1 0 100 0 0 10 0",
      "",
    ].join("\n");
    expect(socketsIn(table, 0x157d)).toEqual(["socket:[41]"]);
    expect(socketsIn("", 0x157d)).toEqual([]);
  });

  it("is this one where it listens itself, and none where nobody does", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await listenerOn(port)).toMatchObject({ pid: process.pid, folder: process.cwd() });
    await new Promise((resolve) => server.close(resolve));
    expect(await listenerOn(port)).toBeUndefined();
  });
});
