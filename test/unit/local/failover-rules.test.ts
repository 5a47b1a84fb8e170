import { failoverFailures, serverFailoverFailures } from "../../../src/local/provider/failover-rules";
import type { HandoverInputs, ServerInputs } from "../../../src/local/provider/inputs";

type Regions = Readonly<Record<string, { hibernated: boolean }>>;

const active = { hibernated: false };
const asleep = { hibernated: true };
const before = inputs({ regions: { rome: active, lisbon: active, dublin: active } });

function inputs({
  regions,
  ...changes
}: { regions: Regions } & Partial<Pick<HandoverInputs, "primary" | "lost" | "durability">>): HandoverInputs {
  return {
    primary: "rome",
    durability: "region",
    lost: [],
    regions: Object.fromEntries(
      Object.entries(regions).map(([name, region]) => [
        name,
        { folder: `/data/${name}`, host: "localhost", port: 5501, ...region },
      ]),
    ),
    caCertificate: "",
    superuserPassword: "",
    ...changes,
  } as HandoverInputs;
}

function failover(regions: Regions, changes: Partial<HandoverInputs> = {}): HandoverInputs {
  return inputs({ primary: "lisbon", lost: ["rome"], regions, ...changes });
}

const reasonsOf = (olds: Partial<HandoverInputs>, news: HandoverInputs): string[] =>
  failoverFailures(olds, news).map(({ reason }) => reason);

describe("a failover", () => {
  it("of durability region is refused while a reader that may hold commits is hibernated in the same update", () => {
    expect(reasonsOf(before, failover({ lisbon: active, dublin: asleep }))).toEqual([
      expect.stringMatching(
        /^dublin may have confirmed commits that lisbon does not have.*hibernated of dublin/,
      ),
    ]);
  });

  it("of durability region is refused while such a reader leaves regions in the same update", () => {
    expect(reasonsOf(before, failover({ lisbon: active }))).toEqual([
      expect.stringContaining("keep dublin in regions now"),
    ]);
  });

  it("of durability region is refused while a reader sleeps that was hibernated before", () => {
    const olds = inputs({ regions: { rome: active, lisbon: active, dublin: asleep } });
    expect(reasonsOf(olds, failover({ lisbon: active, dublin: asleep }))).toHaveLength(1);
    expect(reasonsOf(olds, failover({ lisbon: active, dublin: active }))).toEqual([]);
  });

  it("that turns durability to local in the same update is held to the promise of before", () => {
    const news = failover({ lisbon: active }, { durability: "local" });
    expect(reasonsOf(before, news)).toHaveLength(1);
    expect(reasonsOf({ ...before, durability: "local" }, news)).toEqual([]);
  });

  it("is allowed where every other region is asked or lost", () => {
    expect(reasonsOf(before, failover({ lisbon: active, dublin: active }))).toEqual([]);
    expect(reasonsOf(before, failover({ lisbon: active }, { lost: ["rome", "dublin"] }))).toEqual([]);
  });

  it("is no matter of a switchover, or of a first update", () => {
    expect(
      reasonsOf(before, inputs({ primary: "lisbon", regions: { rome: active, lisbon: active } })),
    ).toEqual([]);
    expect(reasonsOf({}, failover({ lisbon: active }))).toEqual([]);
  });
});

describe("a server that a failover fences or stops", () => {
  const server = (region: string, changes: Partial<ServerInputs>): ServerInputs =>
    ({
      ...{ region, activity: "active", role: "reader", durability: "region" },
      primary: { region: "rome" },
      peers: others(region, ["rome", "lisbon", "dublin"]),
      declared: { rome: true, lisbon: true, dublin: true },
      ...changes,
    }) as ServerInputs;
  const others = (region: string, names: string[]) =>
    Object.fromEntries(names.filter((name) => name !== region).map((name) => [name, true as const]));
  const failedOver = (region: string, changes: Partial<ServerInputs>): ServerInputs =>
    server(region, { primary: { region: "lisbon" } as ServerInputs["primary"], ...changes });

  it("is refused while a reader that may hold commits is hibernated in the same update", () => {
    const peers = others("rome", ["lisbon"]);
    const lost = failedOver("rome", { activity: "lost", peers, lost: { rome: true } });
    const asleep = failedOver("dublin", { activity: "hibernated", peers, lost: { rome: true } });
    for (const news of [lost, asleep]) {
      expect(serverFailoverFailures(server(news.region, {}), news)).toEqual([
        { property: "regions", reason: expect.stringContaining("set hibernated of dublin to false now") },
      ]);
    }
  });

  it("is refused while such a reader leaves regions in the same update", () => {
    const news = failedOver("rome", {
      ...{ activity: "lost", peers: { lisbon: true }, lost: { rome: true } },
      declared: { rome: true, lisbon: true },
    });
    expect(serverFailoverFailures(server("rome", {}), news)).toEqual([
      { property: "regions", reason: expect.stringContaining("keep dublin in regions now") },
    ]);
  });

  it("is not refused where every reader can be asked, or where that reader is lost too", () => {
    const all = failedOver("rome", { activity: "lost", lost: { rome: true } });
    const two = { rome: true, dublin: true } as const;
    const one = failedOver("rome", { activity: "lost", peers: { lisbon: true }, lost: two });
    for (const news of [all, one]) {
      expect(serverFailoverFailures(server("rome", {}), news)).toEqual([]);
    }
  });
});
