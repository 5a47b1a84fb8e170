import { routingRecords, type RoutingRecord } from "../../../src/routing/records";
import { known, plain, topology } from "./routing";

async function shown(records: Readonly<Record<string, RoutingRecord>>) {
  const all = Object.entries(records).map(async ([id, { region, name, type, ttl, values, policy }]) => [
    id,
    [region, name, await known(type), ttl, await known(values), policy],
  ]);
  return Object.fromEntries((await Promise.all(all)) as [string, unknown][]) as Record<string, unknown>;
}

describe("the records of an application in many regions", () => {
  it("lead to every region by latency, whatever their order", async () => {
    const { rome, lisbon, ...others } = plain.entries;
    expect(await shown(routingRecords(plain))).toEqual({
      "entry-lisbon": [
        "lisbon",
        "shop.example.com",
        "CNAME",
        60,
        ["lisbon.example.net"],
        { kind: "latency", awsRegion: "eu-west-1" },
      ],
      "entry-rome": [
        "rome",
        "shop.example.com",
        "CNAME",
        60,
        ["rome.example.net"],
        { kind: "latency", awsRegion: "eu-south-1" },
      ],
      "entry-us-east-1": [
        "us-east-1",
        "shop.example.com",
        "CNAME",
        60,
        ["virginia.example.net"],
        { kind: "latency", awsRegion: "us-east-1" },
      ],
    });
    const turned = { ...others, lisbon: lisbon!, rome: rome! };
    expect(Object.keys(routingRecords({ ...plain, entries: turned }))).toEqual(
      Object.keys(routingRecords(plain)),
    );
  });

  it("are a location's each, by geolocation", async () => {
    const records = routingRecords({
      ...plain,
      policy: "geolocation",
      entries: {
        rome: { address: "203.0.113.1", locations: [{ continent: "EU" }, "elsewhere"] },
        virginia: {
          loadBalancer: { name: "lb.example.com", zoneId: "ZLB" },
          locations: [{ country: "US", subdivision: "CA" }, { country: "CA" }],
        },
      },
    });
    const policy = (location: unknown) => ({ kind: "geolocation", location });
    expect(await shown(records)).toEqual({
      "entry-rome-continent-eu": [
        "rome",
        "shop.example.com",
        "A",
        60,
        ["203.0.113.1"],
        policy({ continent: "EU" }),
      ],
      "entry-rome-elsewhere": ["rome", "shop.example.com", "A", 60, ["203.0.113.1"], policy("elsewhere")],
      "entry-virginia-country-us-ca": [
        "virginia",
        "shop.example.com",
        "ALIAS",
        60,
        ["lb.example.com"],
        policy({ country: "US", subdivision: "CA" }),
      ],
      "entry-virginia-country-ca": [
        "virginia",
        "shop.example.com",
        "ALIAS",
        60,
        ["lb.example.com"],
        policy({ country: "CA" }),
      ],
    });
  });

  it("tell the primary of a failover, under names that do not", () => {
    const records = (primary: string) => routingRecords({ ...plain, policy: "failover", primary });
    const [before, after] = [records("rome"), records("lisbon")];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(before["entry-rome"]!.policy).toEqual({ kind: "failover", primary: true });
    expect(after["entry-rome"]!.policy).toEqual({ kind: "failover", primary: false });
    expect(after["entry-lisbon"]!.policy).toEqual({ kind: "failover", primary: true });
  });

  it("leave out regions that are lost or stopped", () => {
    const entries = { ...plain.entries, lisbon: { ...plain.entries["lisbon"]!, stopped: true } };
    expect(Object.keys(routingRecords({ ...plain, entries, lost: ["rome"] }))).toEqual(["entry-us-east-1"]);
  });

  it("name the database's writer, and every region that can be read, nothing of a lost one", async () => {
    const database = (primary: string) => ({
      domain: "db.example.com",
      topology: topology(primary, { lisbon: "2001:db8::1", rome: "203.0.113.9" }),
    });
    const at = async (primary: string) => {
      const records = routingRecords({ ...plain, ttl: 0, database: database(primary) });
      return Object.fromEntries(
        Object.entries(await shown(records)).filter(([id]) => id.startsWith("database")),
      );
    };
    const everybody = { kind: "everybody" };
    const rome = ["203.0.113.9"];
    const lisbon = ["2001:db8::1"];
    expect(await at("rome")).toEqual({
      database: [undefined, "db.example.com", "A", 5, rome, everybody],
      "database-rome": ["rome", "rome.db.example.com", "A", 5, rome, everybody],
      "database-lisbon": ["lisbon", "lisbon.db.example.com", "AAAA", 5, lisbon, everybody],
    });
    expect(await at("lisbon")).toEqual({
      database: [undefined, "db.example.com", "AAAA", 5, lisbon, everybody],
      "database-rome": ["rome", "rome.db.example.com", "A", 5, rome, everybody],
      "database-lisbon": ["lisbon", "lisbon.db.example.com", "AAAA", 5, lisbon, everybody],
    });
  });

  it("are refused with all that is wrong", () => {
    expect(() => routingRecords({ ...plain, ttl: -1, lost: ["paris"] })).toThrow(
      /routingRecords: 2 inputs are refused/,
    );
  });
});
