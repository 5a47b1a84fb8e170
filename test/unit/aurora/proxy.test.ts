import type { AuroraRegionArgs } from "../../../src/aurora/args";
import { auroraFailures } from "../../../src/aurora/rules";
import { args, isAws, make, named, ofType, valueOf, type Made } from "./component";

/** The topology of all these tests, with proxies in some regions. */
function withProxies(
  regions: Readonly<Record<string, AuroraRegionArgs["proxy"]>>,
): Record<string, AuroraRegionArgs> {
  return Object.fromEntries(
    Object.entries(args.regions).map(([name, region]) => {
      const proxy = regions[name];
      return [name, proxy === undefined ? region : { ...region, proxy }];
    }),
  );
}

const some = withProxies({ rome: {}, lisbon: { maxConnectionsPercent: 40 } });

const identities = ({ resources }: Made) => resources.map(({ type, name }) => `${type} ${name}`).sort();

async function poolers({ db }: Made): Promise<Record<string, unknown>> {
  const all = Object.entries(db.regions).map(async ([region, { pooler = {} }]) => {
    const endpoints = Object.entries(pooler).map(async ([kind, endpoint]) => [kind, await valueOf(endpoint)]);
    return [region, Object.fromEntries((await Promise.all(endpoints)) as [string, unknown][])];
  });
  return Object.fromEntries((await Promise.all(all)) as [string, unknown][]) as Record<string, unknown>;
}

describe("the proxies of AuroraPostgres", () => {
  let made: Made;

  beforeAll(async () => {
    made = await make({ regions: some });
  });

  it("are in chosen regions, before the region's cluster", () => {
    expect(
      ofType(made, "Proxy")
        .map(({ name, inputs }) => [name, inputs["region"]])
        .sort(),
    ).toEqual([
      ["db-lisbon-proxy", "eu-west-1"],
      ["db-rome-proxy", "eu-south-1"],
    ]);
    expect(named(made, "ProxyTarget", "db-rome-proxy").inputs).toMatchObject({
      region: "eu-south-1",
      dbProxyName: "db-test-rome",
      dbClusterIdentifier: "db-rome-id",
    });
    expect(named(made, "ProxyEndpoint", "db-rome-proxy-reader").inputs).toMatchObject({
      dbProxyEndpointName: "db-test-rome-read",
      targetRole: "READ_ONLY",
      vpcSubnetIds: ["subnet-rome-a", "subnet-rome-b"],
      vpcSecurityGroupIds: ["db-rome-proxy-id"],
    });
    const pool = (region: string) =>
      named(made, "ProxyDefaultTargetGroup", `db-${region}-proxy`).inputs["connectionPoolConfig"];
    expect(pool("lisbon")).toEqual({ maxConnectionsPercent: 40, maxIdleConnectionsPercent: 20 });
    expect(pool("rome")).toEqual({ maxConnectionsPercent: 100, maxIdleConnectionsPercent: 50 });
  });

  it("leave write forwarding its connections", async () => {
    const forwarding = await make({ regions: some, writeForwarding: true });
    expect(
      named(forwarding, "ProxyDefaultTargetGroup", "db-rome-proxy").inputs["connectionPoolConfig"],
    ).toEqual({
      maxConnectionsPercent: 75,
      maxIdleConnectionsPercent: 37,
    });
  });

  it("ask for TLS, and log in as the owner by the region's own secret", () => {
    expect(named(made, "Proxy", "db-rome-proxy").inputs).toMatchObject({
      name: "db-test-rome",
      engineFamily: "POSTGRESQL",
      requireTls: true,
      auths: [
        {
          authScheme: "SECRETS",
          iamAuth: "DISABLED",
          secretArn: "arn:aws:secretsmanager:eu-south-1:123456789012:db-rome-secret",
        },
      ],
    });
    expect(named(made, "Role", "db-rome-proxy").inputs).toMatchObject({ name: "db-test-rome-proxy" });
    const { policy } = named(made, "RolePolicy", "db-rome-proxy").inputs;
    expect(JSON.parse(policy as string)).toMatchObject({
      Statement: [
        {
          Action: "secretsmanager:GetSecretValue",
          Resource: "arn:aws:secretsmanager:eu-south-1:123456789012:db-rome-secret",
        },
        {
          Action: "kms:Decrypt",
          Resource: "arn:aws:kms:eu-south-1:123456789012:db-rome-key",
          Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-south-1.amazonaws.com" } },
        },
      ],
    });
  });

  it("CKV_AWS_23, CKV_AWS_277, CKV_AWS_382: are reached from networks that are let in, and reach the instances alone", () => {
    const clients = {
      fromPort: 5432,
      toPort: 5432,
      protocol: "tcp",
      cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
    };
    const proxy = named(made, "SecurityGroup", "db-rome-proxy").inputs;
    expect(proxy["ingress"]).toEqual([expect.objectContaining(clients)]);
    expect(proxy["description"]).toBe("The proxy of db-test in eu-south-1");
    expect(named(made, "SecurityGroup", "db-rome-access").inputs).toMatchObject({
      ingress: [clients, { fromPort: 5432, toPort: 5432, securityGroups: ["db-rome-proxy-id"] }],
      egress: [],
    });
    expect(named(made, "SecurityGroupEgressRule", "db-rome-proxy").inputs).toMatchObject({
      securityGroupId: "db-rome-proxy-id",
      referencedSecurityGroupId: "db-rome-access-id",
      fromPort: 5432,
      toPort: 5432,
    });
    expect(named(made, "SecurityGroup", "db-dublin-access").inputs["ingress"]).toHaveLength(1);
  });

  it("answer in the contract where somebody is behind them: the writer's for writes, the others' for reads", async () => {
    const everywhere = withProxies({ rome: {}, lisbon: {}, dublin: {} });
    const at = (name: string) => ({ host: `${name}.proxy.example`, port: 5432 });
    expect(await poolers(await make({ regions: everywhere }))).toEqual({
      rome: { readWrite: at("db-rome-proxy"), readOnly: at("db-rome-proxy-reader") },
      lisbon: { readOnly: at("db-lisbon-proxy-reader") },
      dublin: { readOnly: at("db-dublin-proxy-reader") },
      bern: {},
    });
    // Lisbon has one instance, which writes now.
    expect(await poolers(await make({ regions: everywhere, primary: "lisbon" }))).toEqual({
      rome: { readOnly: at("db-rome-proxy-reader") },
      lisbon: { readWrite: at("db-lisbon-proxy") },
      dublin: { readOnly: at("db-dublin-proxy-reader") },
      bern: {},
    });
  });

  it("stay the same in a handover, and touch nothing else where they come", async () => {
    expect(identities(await make({ regions: some, primary: "lisbon" }))).toEqual(identities(made));
    expect(identities(made)).toEqual(expect.arrayContaining(identities(await make())));
  });

  it("are left alone in a lost region", async () => {
    const lost = await make({ regions: some, lost: ["lisbon"] });
    const ofLisbon = lost.resources.filter((each) => isAws(each) && /-lisbon-proxy/.test(each.name));
    expect(ofLisbon).toHaveLength(8);
    expect(ofLisbon.filter(({ options }) => options.ignoreChanges?.[0] !== "*")).toEqual([]);
  });

  it.each([
    [
      "a share that is none",
      { rome: { maxConnectionsPercent: 0 } },
      "regions.rome.proxy.maxConnectionsPercent",
    ],
    ["a headless region's", { bern: {} }, "regions.bern.proxy"],
    ["a mistyped property", { rome: { maxConections: 1 } as object }, "regions.rome.proxy.maxConections"],
    ["true", { rome: true as unknown as object }, "regions.rome.proxy"],
  ])("are refused: %s", (_title, proxies, path) => {
    const failures = auroraFailures("db", { ...args, regions: withProxies(proxies) });
    expect(failures.map(({ propertyPath }) => propertyPath)).toEqual([path]);
  });
});
