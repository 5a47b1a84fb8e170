import { TransientError } from "../../../../src/kubernetes/transient";
import type { ReaderState, UpstreamState } from "../../../../src/postgres/following";
import type { Psql } from "../../../../src/cnpg/kubernetes/psql";
import type { Seen } from "../../../../src/cnpg/provider/regions";
import { waitUntilStreaming, whatHinders } from "../../../../src/cnpg/provider/streaming";
import { FakeClock } from "../fake-clock";

const writerState: UpstreamState = { timeline: "00000001", lsn: "0/5000000", streams: { "db-lisbon": 60 } };
const readerState: ReaderState = {
  recovering: true,
  replayed: "0/5000000",
  received: "0/5000000",
  timeline: 1,
  paused: false,
  waiting: false,
  delay: 0,
  reader: null,
};

/** psql that answers everything with one row, as it is at that time. */
function psqlOf(state: () => object): Psql & { close: jest.Mock } {
  const query = jest.fn(async () => [state()]);
  return { query, run: jest.fn(), connect: jest.fn(), close: jest.fn() } as unknown as Psql & {
    close: jest.Mock;
  };
}

/** A writer and a reader whose states change with the seconds. */
function regions(
  writerAt: (seconds: number) => Partial<UpstreamState> = () => ({}),
  readerAt: (seconds: number) => Partial<ReaderState> = () => ({}),
) {
  const time = new FakeClock();
  const seconds = () => time.now() / 1000;
  const writer = psqlOf(() => ({ ...writerState, ...writerAt(seconds()) }));
  const inReader = psqlOf(() => ({ ...readerState, ...readerAt(seconds()) }));
  const psql = jest.fn(async () => inReader);
  const lisbon = {
    name: "lisbon",
    activity: "active",
    live: {},
    region: { access: { cluster: "db-lisbon" }, psql },
  } as unknown as Seen;
  return { writer, lisbon, inReader, psql, time };
}

describe("whether regions stream", () => {
  it("is seen at once where all is well", async () => {
    const { writer, lisbon, inReader, time } = regions();
    expect(await whatHinders(writer, [lisbon], 15, undefined, time)).toEqual([]);
    expect(time.now()).toBe(0);
    expect(inReader.close).toHaveBeenCalled();
  });

  it("is not believed of one that comes and goes ten times a second", async () => {
    const { writer, lisbon, time } = regions(
      () => ({ streams: { "db-lisbon": 0.05 } }),
      (seconds) => (seconds % 1 < 0.5 ? {} : { timeline: null }),
    );
    const obstacles = await whatHinders(writer, [lisbon], 15, undefined, time);
    expect(obstacles).toEqual([
      expect.stringMatching(/^lisbon (has streamed for 0.1 s only|does not stream)$/),
    ]);
    expect(time.now() / 1000).toBeCloseTo(15, 0);
  });

  it("waits until a position is replayed that the writer had when it was asked first", async () => {
    const { writer, lisbon, time } = regions(
      (seconds) => ({ lsn: `0/${(0x5000000 + Math.round(seconds * 1000)).toString(16)}` }),
      (seconds) => (seconds < 3 ? { replayed: "0/4FFFFFF", received: "0/4FFFFFF" } : {}),
    );
    expect(await whatHinders(writer, [lisbon], 15, undefined, time)).toEqual([]);
    expect(time.now() / 1000).toBeCloseTo(3, 0);
  });

  it("outlasts a reader that cannot be asked for a moment", async () => {
    const { writer, lisbon, psql, inReader, time } = regions();
    psql.mockRejectedValueOnce(new TransientError("lisbon: too many requests", false));
    psql.mockResolvedValue(inReader);
    expect(await whatHinders(writer, [lisbon], 15, undefined, time)).toEqual([]);
  });

  it("tells why it is not known of a reader that cannot be asked", async () => {
    const { writer, lisbon, psql, time } = regions();
    psql.mockRejectedValue(new Error("lisbon: forbidden"));
    const obstacles = await whatHinders(writer, [lisbon], 1, undefined, time);
    expect(obstacles).toEqual(["lisbon cannot be asked: lisbon: forbidden"]);
  });
});

describe("a handover", () => {
  test.each<[string, Partial<ReaderState>, RegExp]>([
    ["replay is paused", { paused: true }, /lisbon does not replay: somebody has paused that/],
    ["replay is late", { delay: 60_000 }, /lisbon replays 60 s late/],
    [
      "a reader was promoted by hand",
      { recovering: false },
      /lisbon accepts writes: somebody has promoted it/,
    ],
    [
      "a report is in the way of replay",
      { replayed: "0/100000", reader: { pid: 7, user: "app", seconds: 99 } },
      /process 7 of app there has read for 99 s/,
    ],
    [
      "a reader is ahead",
      { received: "0/6000000", replayed: "0/6000000" },
      /0\/6000000, which is more than 0\/5000000/,
    ],
  ])("is refused while %s, and the obstacle is named", async (_, changes, message) => {
    const { writer, lisbon, time } = regions(undefined, () => changes);
    const refused = waitUntilStreaming(writer, [lisbon], "the writer stays in rome", time);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/^the writer stays in rome: after 15 s/);
  });
});
