import * as pulumi from "@pulumi/pulumi";
import { globalRoutingFailures, routingFailures } from "../../../src/routing/rules";
import { args, plain, topology } from "./routing";

const host = { host: "rome.example.net", awsRegion: "eu-south-1" };

function reasons(changes: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    globalRoutingFailures({ ...args, ...changes }).map(({ propertyPath, reason }) => [propertyPath, reason]),
  );
}

describe("the rules of routing", () => {
  it("find nothing in what is right, known or not", () => {
    expect(globalRoutingFailures(args)).toEqual([]);
    const later = pulumi.output("later");
    const entries = { rome: { address: later, locations: ["elsewhere"] } };
    const database = { domain: "db.example.com", topology: topology("rome"), ttl: 0 };
    expect(reasons({ policy: "geolocation", zoneId: later, entries, database })).toEqual({});
    expect(routingFailures(plain)).toEqual([]);
  });

  it("refuse what Route 53 alone takes, where there is none", () => {
    expect(routingFailures(args).map(({ propertyPath }) => propertyPath)).toEqual(["zoneId"]);
  });

  it.each<[string, Record<string, unknown>, string, string | RegExp]>([
    ["no zone", { zoneId: undefined }, "zoneId", "is missing: must be the id of a hosted zone"],
    ["a domain that is none", { domain: "*.example.com" }, "domain", /a lower-case DNS name/],
    ["no policy", { policy: undefined }, "policy", /one of latency, geolocation, failover/],
    ["no entries", { entries: {} }, "entries", /at least one region/],
    [
      "an entry without a target",
      { entries: { rome: { awsRegion: "eu-south-1" } } },
      "entries.rome",
      "must have one of host, address, loadBalancer, not none of them",
    ],
    [
      "two targets",
      { entries: { rome: { ...host, address: "203.0.113.7" } } },
      "entries.rome",
      "must have one of host, address, loadBalancer, not host and address",
    ],
    [
      "an address of IPv6",
      { entries: { rome: { address: "2001:db8::1", awsRegion: "eu-south-1" } } },
      "entries.rome.address",
      /an IPv4 address/,
    ],
    [
      "hosts beside addresses",
      { entries: { rome: host, "eu-west-1": { address: "203.0.113.7" } } },
      "entries",
      "must all be hosts or none: rome are, and eu-west-1 are not. Records of one name have one type",
    ],
    [
      "a load balancer without a zone",
      { entries: { rome: { awsRegion: "eu-south-1", loadBalancer: { name: "lb" } } } },
      "entries.rome.loadBalancer.zoneId",
      /is missing/,
    ],
    [
      "no AWS region to be near to",
      { entries: { rome: { host: "a" } } },
      "entries.rome.awsRegion",
      /is missing/,
    ],
    [
      "locations that nobody asks for",
      { entries: { rome: { ...host, locations: ["elsewhere"] } } },
      "entries.rome.locations",
      /only the policy "geolocation"/,
    ],
    ["a lost region that is none", { lost: ["paris"] }, "lost[0]", /one of rome, lisbon, us-east-1/],
    [
      "nobody who answers",
      { lost: ["rome", "lisbon"], entries: { ...args.entries, "us-east-1": { host: "a", stopped: true } } },
      "entries",
      "must leave one that answers, but all are lost or stopped",
    ],
    ["a primary of latency", { primary: "rome" }, "primary", /only the policy "failover" has one/],
    [
      "a primary that is lost",
      { policy: "failover", primary: "rome", lost: ["rome"] },
      "primary",
      'must be one of lisbon, us-east-1, which answer, not "rome"',
    ],
    [
      "a failover that nobody notices",
      { policy: "failover", primary: "rome", healthCheck: false },
      "healthCheck",
      /notice/,
    ],
    ["a time that is too long", { ttl: 86_401 }, "ttl", /from 0 to 86400/],
    [
      "an interval between",
      { healthCheck: { intervalSeconds: 20 } },
      "healthCheck.intervalSeconds",
      /10 or 30/,
    ],
    ["a path of TCP", { healthCheck: { protocol: "TCP", path: "/" } }, "healthCheck.path", /knows no paths/],
    [
      "a database that is none",
      { database: { domain: "db.example.com" } },
      "database.topology",
      /must be a topology/,
    ],
    [
      "one name for both",
      { domain: "rome.example.com", database: { domain: "example.com", topology: topology("rome") } },
      "database.domain",
      'must leave "rome.example.com" to the application',
    ],
    ["a mistyped property", { helthCheck: {} }, "helthCheck", /did you mean "healthCheck"/],
  ])("refuse %s", (_title, changes, path, reason) => {
    expect(reasons(changes)).toHaveProperty(
      [path],
      typeof reason === "string" ? reason : expect.stringMatching(reason),
    );
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      "nobody for those who are elsewhere",
      { rome: [{ continent: "EU" }] },
      "entries",
      /"elsewhere", not none/,
    ],
    ["no location", { rome: ["elsewhere"], lisbon: [] }, "entries.lisbon.locations", /one location or more/],
    [
      "two for one",
      { rome: ["elsewhere"], lisbon: ["elsewhere"] },
      "entries.lisbon.locations[0]",
      /another one: rome answers it/,
    ],
    [
      "a continent that is none",
      { rome: ["elsewhere", { continent: "XX" }] },
      "entries.rome.locations[1].continent",
      /one of AF/,
    ],
    [
      "parts of other countries",
      { rome: ["elsewhere", { country: "IT", subdivision: "LAZ" }] },
      "entries.rome.locations[1].subdivision",
      /of no other country/,
    ],
  ])("refuse locations with %s", (_title, locations, path, reason) => {
    const entries = Object.fromEntries(
      Object.entries(locations).map(([name, some]) => [name, { host: name, locations: some }]),
    );
    expect(reasons({ policy: "geolocation", entries })).toHaveProperty([path], expect.stringMatching(reason));
  });

  it("refuse a stopped region that answers those who are elsewhere", () => {
    const entries = {
      rome: { host: "a", locations: ["elsewhere"], stopped: true },
      lisbon: { host: "b", locations: [{ continent: "EU" }] },
    };
    expect(reasons({ policy: "geolocation", entries })["entries"]).toMatch(/rome, which is lost or stopped/);
  });

  it("tell all at once", () => {
    expect(Object.keys(reasons({ domain: 1, ttl: 1.5, healthCheck: { port: 0 }, tags: [] })).sort()).toEqual([
      "domain",
      "healthCheck.port",
      "tags",
      "ttl",
    ]);
    expect(globalRoutingFailures(undefined)).toHaveLength(1);
  });
});
