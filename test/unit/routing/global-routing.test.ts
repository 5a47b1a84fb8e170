import { known, make, topology } from "./routing";

describe("GlobalRouting", () => {
  it("makes a record and a health check of every region that answers", async () => {
    const { routing, of } = await make({ lost: ["us-east-1"], tags: { team: "web" } });
    expect(of("Record")).toEqual({
      "shop-entry-lisbon": {
        zoneId: "Z1",
        name: "shop.example.com",
        type: "CNAME",
        ttl: 60,
        records: ["lisbon.example.net"],
        setIdentifier: "lisbon",
        latencyRoutingPolicies: [{ region: "eu-west-1" }],
        healthCheckId: "shop-entry-lisbon-id",
      },
      "shop-entry-rome": expect.objectContaining({
        setIdentifier: "rome",
        healthCheckId: "shop-entry-rome-id",
      }) as unknown,
    });
    expect(of("HealthCheck")).toEqual({
      "shop-entry-lisbon": {
        type: "HTTPS",
        fqdn: "lisbon.example.net",
        port: 443,
        resourcePath: "/",
        enableSni: true,
        requestInterval: 30,
        failureThreshold: 3,
        tags: { team: "web", Name: "shop-entry-lisbon" },
      },
      "shop-entry-rome": expect.objectContaining({ fqdn: "rome.example.net" }) as unknown,
    });
    expect(Object.keys(routing.records)).toEqual(["entry-lisbon", "entry-rome"]);
    expect(await known(routing.healthCheckIds["rome"]!)).toBe("shop-entry-rome-id");
  });

  it("moves a failover's primary by weights, and renames nothing", async () => {
    const at = async (primary: string) => (await make({ policy: "failover", primary })).of("Record");
    const weights = (records: Awaited<ReturnType<typeof at>>) =>
      Object.fromEntries(
        Object.entries(records).map(([name, { weightedRoutingPolicies }]) => [name, weightedRoutingPolicies]),
      );
    expect(weights(await at("rome"))).toEqual({
      "shop-entry-lisbon": [{ weight: 0 }],
      "shop-entry-rome": [{ weight: 1 }],
      "shop-entry-us-east-1": [{ weight: 0 }],
    });
    const after = await at("lisbon");
    expect(weights(after)).toEqual({
      "shop-entry-lisbon": [{ weight: 1 }],
      "shop-entry-rome": [{ weight: 0 }],
      "shop-entry-us-east-1": [{ weight: 0 }],
    });
    expect(Object.values(after).filter(({ healthCheckId }) => healthCheckId === undefined)).toEqual([]);
  });

  it("follows load balancers, whose own checks count, and asks addresses for the users' name", async () => {
    const { of } = await make({
      policy: "geolocation",
      entries: {
        rome: { loadBalancer: { name: "lb.example.com", zoneId: "ZLB" }, locations: [{ continent: "EU" }] },
        virginia: { address: "203.0.113.7", locations: ["elsewhere", { country: "US", subdivision: "CA" }] },
      },
      healthCheck: { protocol: "HTTP", path: "/healthz", intervalSeconds: 10, failures: 2 },
    });
    expect(of("Record")).toEqual({
      "shop-entry-rome-continent-eu": {
        zoneId: "Z1",
        name: "shop.example.com",
        type: "A",
        aliases: [{ name: "lb.example.com", zoneId: "ZLB", evaluateTargetHealth: true }],
        setIdentifier: "rome-continent-eu",
        geolocationRoutingPolicies: [{ continent: "EU" }],
      },
      "shop-entry-virginia-country-us-ca": expect.objectContaining({
        records: ["203.0.113.7"],
        geolocationRoutingPolicies: [{ country: "US", subdivision: "CA" }],
      }) as unknown,
      "shop-entry-virginia-elsewhere": expect.objectContaining({
        geolocationRoutingPolicies: [{ country: "*" }],
        healthCheckId: "shop-entry-virginia-id",
      }) as unknown,
    });
    expect(of("HealthCheck")).toEqual({
      "shop-entry-virginia": {
        type: "HTTP",
        fqdn: "shop.example.com",
        ipAddress: "203.0.113.7",
        port: 80,
        resourcePath: "/healthz",
        requestInterval: 10,
        failureThreshold: 2,
        tags: { Name: "shop-entry-virginia" },
      },
    });
  });

  it("makes no health check where there is to be none", async () => {
    const { of } = await make({ healthCheck: false });
    expect(of("HealthCheck")).toEqual({});
    expect(Object.values(of("Record")).filter((record) => "healthCheckId" in record)).toEqual([]);
  });

  it("lets the database's name follow the writer, unchecked, and renames nothing", async () => {
    const at = async (primary: string) => {
      const { of } = await make(() => ({
        database: { domain: "db.example.com", topology: topology(primary), ttl: 1 },
      }));
      return Object.fromEntries(
        Object.entries(of("Record")).filter(([name]) => name.startsWith("shop-database")),
      );
    };
    const [before, after] = [await at("rome"), await at("lisbon")];
    expect(before["shop-database"]).toEqual({
      zoneId: "Z1",
      name: "db.example.com",
      type: "CNAME",
      ttl: 1,
      records: ["rome.internal.example"],
    });
    expect(after["shop-database"]).toMatchObject({ records: ["lisbon.internal.example"] });
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after)).toEqual(["shop-database", "shop-database-lisbon", "shop-database-rome"]);
    expect(after["shop-database-rome"]).toEqual(before["shop-database-rome"]);
  });

  it("refuses what is wrong before anything is made", async () => {
    await expect(make({ domain: "", zoneId: undefined as unknown as string })).rejects.toThrow(
      /GlobalRouting "shop": 2 inputs are refused/,
    );
  });
});
