import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MiniStack } from "../../support/ministack";
import { Plugin, UNKNOWN, leftBehind, type Properties } from "../plugin";
import { EC2, RDS } from "./world";

let ministack: MiniStack;
let plugin: Plugin;

beforeAll(async () => {
  ministack = await MiniStack.start();
});
afterAll(() => ministack.stop());
afterEach(() => ministack.reset());

const NOTHING = {
  AWS_ENDPOINT_URL: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

const CREDENTIALS = { accessKey: "999988887777", secretKey: "secret" };

async function start(config: Properties, env: NodeJS.ProcessEnv = ministack.env) {
  plugin = await Plugin.start("aws", { ...NOTHING, ...env });
  await plugin.configure(config);
}

const endpoints = (url = ministack.endpoint) =>
  JSON.stringify([
    Object.fromEntries(["ec2", "rds", "kms", "secretsmanager", "sts"].map((name) => [name, url])),
  ]);

describe("the configuration", () => {
  afterEach(() => plugin.stop());

  test("needs a region, be it only that of the environment", async () => {
    plugin = await Plugin.start("aws", { ...NOTHING, ...ministack.env, AWS_REGION: undefined });
    await expect(plugin.configure({})).rejects.toThrow("missing region information");
    expect(await plugin.checkConfig({})).toEqual([expect.stringContaining("missing region information")]);
    expect(await plugin.checkConfig({ region: "rome" })).toEqual(["invalid AWS region: rome"]);
    expect(await plugin.checkConfig({ region: "eu-south-1" })).toEqual([]);
    expect(await plugin.checkConfig({ region: UNKNOWN })).toEqual([]);
  });

  test("finds the API as the real provider does: by the options, without any environment", async () => {
    await start({ region: "eu-west-1", endpoints: endpoints(), ...CREDENTIALS }, {});
    const { state } = await plugin.create(EC2.vpc, { cidrBlock: "10.0.0.0/16" });
    expect(state).toMatchObject({ region: "eu-west-1", ownerId: "999988887777" });
  });

  test("needs credentials that are somebody's, unless that is skipped", async () => {
    plugin = await Plugin.start("aws", { ...NOTHING, AWS_ENDPOINT_URL: ministack.endpoint });
    await expect(plugin.configure({ region: "eu-west-1" })).rejects.toThrow("invalid credentials configured");
    await plugin.configure({ region: "eu-west-1", skipCredentialsValidation: "true" });
  });

  test("can keep to one account", async () => {
    plugin = await Plugin.start("aws", { ...NOTHING, ...ministack.env });
    await expect(plugin.configure({ allowedAccountIds: '["444455556666"]' })).rejects.toThrow(
      "AWS account ID not allowed: 111122223333",
    );
  });

  test("asks nobody for the account where that is skipped", async () => {
    await start({ skipRequestingAccountId: "true", skipCredentialsValidation: "true" });
    const { state } = await plugin.create(EC2.vpc, { cidrBlock: "10.0.0.0/16" });
    expect(state["arn"]).toMatch(/^arn:aws:ec2:us-east-1::vpc\//);
  });

  test("refuses the options that the stand-in does not have", async () => {
    plugin = await Plugin.start("aws", { ...NOTHING, ...ministack.env });
    await expect(plugin.configure({ assumeRoles: '[{"roleArn":"x"}]' })).rejects.toThrow(
      "does not have the options assumeRoles",
    );
  });

  test("replaces nothing when it changes: the resources notice another region", async () => {
    await start({});
    expect(await plugin.diffConfig({ region: "eu-west-1" }, { region: "eu-west-2" })).toEqual({
      changed: ["region"],
      replaces: [],
    });
    const { state } = await plugin.create(EC2.vpc, { region: "eu-west-1", cidrBlock: "10.0.0.0/16" });
    expect(await plugin.diff(EC2.vpc, state, { cidrBlock: "10.0.0.0/16" })).toMatchObject({
      replaces: ["region"],
    });
  });

  test("gives every resource its default tags, beside the resource's own", async () => {
    await start({ defaultTags: '{"tags":{"team":"data","a":"1"}}' });
    const inputs = { cidrBlock: "10.0.0.0/16", tags: { a: "2" } };
    const { id, state } = await plugin.create(EC2.vpc, inputs);
    expect(state).toMatchObject({ tags: { a: "2" }, tagsAll: { team: "data", a: "2" } });
    const { Vpcs } = await ministack.ec2("us-east-1").describeVpcs({ VpcIds: [id] });
    expect(Vpcs![0]!.Tags).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "data" },
        { Key: "a", Value: "2" },
      ]),
    );
    expect(await plugin.diff(EC2.vpc, state, inputs)).toMatchObject({ changed: false });
    const refreshed = await plugin.read(EC2.vpc, id, state, inputs);
    expect(refreshed).toEqual({ id, state, inputs });
  });

  test("is each explicit provider's own", async () => {
    await start({ region: "eu-west-1" });
    const other = await Plugin.start("aws", { ...NOTHING });
    await other.configure({ region: "eu-west-2", endpoints: endpoints(), ...CREDENTIALS });
    const states = await Promise.all(
      [plugin, other].map(async (each) => (await each.create(EC2.vpc, { cidrBlock: "10.0.0.0/16" })).state),
    );
    expect(states).toMatchObject([
      { region: "eu-west-1", ownerId: "111122223333" },
      { region: "eu-west-2", ownerId: "999988887777" },
    ]);
    await other.stop();
  });
});

describe("the functions", () => {
  beforeAll(() => start({ region: "eu-west-1" }));
  afterAll(() => plugin.stop());

  test("tell who and where one is", async () => {
    expect(await plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: "111122223333",
      arn: expect.stringContaining("arn:aws:"),
    });
    expect(await plugin.invoke("aws:index/getRegion:getRegion", {})).toMatchObject({ region: "eu-west-1" });
    expect(await plugin.invoke("aws:index/getPartition:getPartition", {})).toMatchObject({
      partition: "aws",
      dnsSuffix: "amazonaws.com",
    });
  });

  test("tell the zones of any region", async () => {
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    expect(await plugin.invoke(token, { state: "available", region: "eu-south-1" })).toMatchObject({
      names: ["eu-south-1a", "eu-south-1b", "eu-south-1c"],
      zoneIds: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(await plugin.invoke(token, { excludeNames: ["eu-west-1b"] })).toMatchObject({
      names: ["eu-west-1a", "eu-west-1c"],
    });
  });

  test("write policies, as the provider writes them", async () => {
    const { json } = await plugin.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      sourcePolicyDocuments: ['{"Statement":{"Sid":"One","Effect":"Deny","Action":"s3:*","Resource":"*"}}'],
      statements: [
        { sid: "One", actions: ["kms:*"], resources: ["*"] },
        {
          actions: ["logs:A", "logs:B"],
          resources: ["*"],
          principals: [{ type: "Service", identifiers: ["rds.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
        },
      ],
    });
    expect(JSON.parse(json as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "One", Effect: "Allow", Action: "kms:*", Resource: "*" },
        {
          Effect: "Allow",
          Action: ["logs:B", "logs:A"],
          Resource: "*",
          Principal: { Service: "rds.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
  });

  test("fail loudly where there is none", async () => {
    await expect(plugin.invoke("aws:ec2/getVpc:getVpc", {})).rejects.toThrow("unknown function");
  });
});

describe("the resource types", () => {
  beforeAll(() => start({ region: "eu-west-1" }));
  afterAll(() => plugin.stop());

  test("that are missing fail loudly, and say where they belong", async () => {
    await expect(plugin.check("aws:sqs/queue:Queue", {})).rejects.toThrow("tools/plugins/aws/recorded.mjs");
    await expect(plugin.check("aws:sqs/nonsense:Nonsense", {})).rejects.toThrow(
      "@pulumi/aws does not have it",
    );
  });

  test("refuse a property that they do not have, and ask for the required ones", async () => {
    const { failures } = await plugin.check(RDS.clusterInstance, {
      instanceKlass: "x",
      engine: "aurora-postgresql",
    });
    expect(failures).toEqual([
      'an unexpected argument "instanceKlass" was provided',
      'missing required property "clusterIdentifier"',
      'missing required property "instanceClass"',
    ]);
  });

  test("that have no region refuse one", async () => {
    const inputs = { region: "eu-west-1", assumeRolePolicy: "{}" };
    const { failures } = await plugin.check("aws:iam/role:Role", inputs);
    expect(failures).toEqual(['an unexpected argument "region" was provided']);
  });
});

describe("what is only recorded", () => {
  const ROLE = "aws:iam/role:Role";
  const LOGS = "aws:cloudwatch/logGroup:LogGroup";
  const POLICY = "aws:iam/rolePolicy:RolePolicy";
  const VAULT = "aws:backup/vault:Vault";
  const PLAN = "aws:backup/plan:Plan";
  const SELECTION = "aws:backup/selection:Selection";

  beforeAll(() => start({ region: "eu-west-1" }));
  afterAll(() => plugin.stop());

  test("has an id and an ARN as the real one has", async () => {
    const role = await plugin.create(ROLE, { name: "monitoring", assumeRolePolicy: "{}" });
    expect(role).toMatchObject({
      id: "monitoring",
      state: {
        arn: "arn:aws:iam::111122223333:role/monitoring",
        uniqueId: expect.stringMatching(/^AROA[0-9A-F]{17}$/),
        maxSessionDuration: 3600,
      },
    });
    const logs = await plugin.create(LOGS, { name: "flow", region: "eu-west-2", tags: { a: "b" } });
    expect(logs).toMatchObject({
      id: "flow",
      state: {
        arn: "arn:aws:logs:eu-west-2:111122223333:log-group:flow",
        region: "eu-west-2",
        tagsAll: { a: "b" },
      },
    });
  });

  test("gets a name where the program gives none, which stays", async () => {
    const { inputs } = await plugin.check(ROLE, { assumeRolePolicy: "{}" });
    expect(inputs["name"]).toMatch(/^name-[0-9a-f]{7}$/);
    const again = await plugin.check(ROLE, { assumeRolePolicy: "{}" }, inputs);
    expect(again.inputs).toEqual(inputs);
  });

  test("changes, is replaced and refreshed like anything else", async () => {
    const inputs = { name: "flow", retentionInDays: 30, tags: { a: "b" } };
    const { id, state } = await plugin.create(LOGS, inputs);
    const changed = await plugin.update(LOGS, state, { name: "flow", retentionInDays: 365 }, { id });
    expect(changed).toMatchObject({ retentionInDays: 365, tagsAll: {}, arn: state["arn"] });
    expect(await plugin.read(LOGS, id, changed, inputs)).toMatchObject({ id, state: changed });
    expect(await plugin.diff(LOGS, changed, { name: "other", retentionInDays: 365 })).toMatchObject({
      replaces: ["name"],
    });
    await plugin.delete(LOGS, changed, id);
  });

  test("is refused where it names what MiniStack ought to have and does not", async () => {
    const key = await ministack.kms("eu-west-1").createKey({});
    const arn = key.KeyMetadata!.Arn!;
    await plugin.create(LOGS, { name: "flow", kmsKeyId: arn });
    const missing = arn.replace(/.{12}$/, "000000000000");
    await expect(plugin.create(LOGS, { name: "other", kmsKeyId: missing })).rejects.toThrow("not found");
    const policy = JSON.stringify({ Statement: { Resource: missing } });
    await plugin.create(POLICY, { name: "p", role: "monitoring", policy });
  });

  test("backs up what is there, encrypted by a key that is there", async () => {
    const region = "eu-west-2";
    const { KeyMetadata } = await ministack.kms(region).createKey({});
    const cluster = { DBClusterIdentifier: "db", Engine: "aurora-postgresql" };
    const { DBCluster } = await ministack
      .rds(region)
      .createDBCluster({ ...cluster, MasterUsername: "app", MasterUserPassword: "first-password" });
    const vaultInputs = { region, name: "daily", kmsKeyArn: KeyMetadata!.Arn! };
    const vault = await plugin.create(VAULT, vaultInputs);
    expect(vault).toMatchObject({
      id: "daily",
      state: { arn: `arn:aws:backup:${region}:111122223333:backup-vault:daily`, recoveryPoints: 0 },
    });
    const planInputs = { region, name: "daily", rules: [{ ruleName: "daily", targetVaultName: "daily" }] };
    const plan = await plugin.create(PLAN, planInputs);
    expect(plan.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(plan.state).toMatchObject({
      arn: `arn:aws:backup:${region}:111122223333:backup-plan:${plan.id}`,
      version: expect.stringMatching(/./),
    });
    const iamRoleArn = "arn:aws:iam::111122223333:role/backup";
    const resources = [DBCluster!.DBClusterArn!];
    const selectionInputs = { region, name: "daily", planId: plan.id, iamRoleArn, resources };
    const selection = await plugin.create(SELECTION, selectionInputs);
    for (const [type, { state }, inputs, replacing] of [
      [VAULT, vault, vaultInputs, { kmsKeyArn: "arn:aws:kms:eu-west-2:111122223333:key/other" }],
      [PLAN, plan, planInputs, { name: "other" }],
      [SELECTION, selection, selectionInputs, { resources: ["*"] }],
    ] as const) {
      expect(await plugin.diff(type, state, inputs)).toMatchObject({ changed: false });
      expect(await plugin.diff(type, state, { ...inputs, ...replacing })).toMatchObject({
        replaces: Object.keys(replacing),
      });
    }
    const missing = [`${resources[0]}-2`];
    await expect(plugin.create(SELECTION, { ...selectionInputs, resources: missing })).rejects.toThrow(
      /not found|does not exist/,
    );
    const kmsKeyArn = KeyMetadata!.Arn!.replace(/.{12}$/, "000000000000");
    await expect(plugin.create(VAULT, { ...vaultInputs, kmsKeyArn })).rejects.toThrow("not found");
  });

  test.each<[type: string, inputs: Properties, id: string, state: Properties, replacing: Properties]>([
    [
      "aws:eks/cluster:Cluster",
      { name: "shop", roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: [] } },
      "shop",
      {
        arn: "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
        endpoint: expect.stringMatching(/^https:.*\.eu-west-1\.eks\.amazonaws\.com$/),
        certificateAuthority: { data: expect.stringMatching(/./) },
        identities: [{ oidcs: [{ issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.eu-west-1\./) }] }],
      },
      { name: "other" },
    ],
    [
      "aws:eks/accessEntry:AccessEntry",
      { clusterName: "shop", principalArn: "arn:aws:iam::111122223333:role/a" },
      "shop:arn:aws:iam::111122223333:role/a",
      { type: "STANDARD" },
      { clusterName: "other" },
    ],
    [
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      { url: "https://oidc.example/id/1", clientIdLists: ["sts.amazonaws.com"] },
      "arn:aws:iam::111122223333:oidc-provider/oidc.example/id/1",
      { arn: "arn:aws:iam::111122223333:oidc-provider/oidc.example/id/1" },
      { url: "https://oidc.example/id/2" },
    ],
    [
      "aws:route53/record:Record",
      { zoneId: "Z1", name: "shop.example.com", type: "A", setIdentifier: "rome", records: ["203.0.113.7"] },
      "Z1_shop.example.com_A_rome",
      { fqdn: "shop.example.com" },
      { name: "other.example.com" },
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/shop/db/host", type: "String", insecureValue: "rome" },
      "/shop/db/host",
      { arn: "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db/host", version: 1 },
      { name: "/shop/host" },
    ],
    [
      "aws:rds/proxyTarget:ProxyTarget",
      { dbProxyName: "db", targetGroupName: "default", dbClusterIdentifier: "db-rome" },
      "db/default/TRACKED_CLUSTER/db-rome",
      { type: "TRACKED_CLUSTER" },
      { dbClusterIdentifier: "db-lisbon" },
    ],
  ])("is %s with an identity of its own", async (type, inputs, id, state, replacing) => {
    const made = await plugin.create(type, inputs);
    expect(made).toMatchObject({ id, state });
    expect(await plugin.diff(type, made.state, inputs)).toMatchObject({ changed: false });
    expect(await plugin.diff(type, made.state, { ...inputs, ...replacing })).toMatchObject({
      replaces: Object.keys(replacing),
    });
    expect(await plugin.read(type, made.id, made.state, inputs)).toMatchObject({ state: made.state });
  });

  test("has health checks that are nobody's, and proxies that answer in their region", async () => {
    const check = await plugin.create("aws:route53/healthCheck:HealthCheck", { type: "TCP", fqdn: "rome" });
    expect(check.state["arn"]).toBe(`arn:aws:route53:::healthcheck/${check.id}`);
    const proxy = {
      name: "db",
      engineFamily: "POSTGRESQL",
      roleArn: "arn:aws:iam::1:role/a",
      vpcSubnetIds: [],
    };
    const { state } = await plugin.create("aws:rds/proxy:Proxy", proxy);
    expect(state["endpoint"]).toMatch(/^db\.proxy-\w+\.eu-west-1\.rds\.amazonaws\.com$/);
  });

  test("cannot be imported, since nobody knows of it", async () => {
    await expect(plugin.read(ROLE, "monitoring")).rejects.toThrow("cannot be imported");
  });
});

describe("an API that throttles or fails for a while", () => {
  let proxy: Server;
  let answers: (number | "cut")[];
  let asked: number;
  let failing: ((body: string) => boolean) | undefined;

  beforeAll(async () => {
    proxy = createServer((incoming, outgoing) => {
      let body = "";
      incoming.on("data", (data: Buffer) => (body += data.toString()));
      incoming.on("end", () => {
        asked += 1;
        const answer = failing?.(body) ? 503 : answers.shift();
        if (answer === "cut") {
          incoming.socket.destroy();
        } else if (answer !== undefined) {
          const code = answer === 503 ? "ServiceUnavailable" : "Throttling";
          const error = `<Error><Code>${code}</Code><Message>Rate exceeded</Message></Error>`;
          outgoing.writeHead(answer, { "content-type": "text/xml" });
          outgoing.end(`<Response><Errors>${error}</Errors></Response>`);
        } else {
          const { method, url, headers } = incoming;
          const onward = request(`${ministack.endpoint}${url}`, { method, headers }, (response) => {
            outgoing.writeHead(response.statusCode!, response.headers);
            response.pipe(outgoing);
          });
          onward.end(body);
        }
      });
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const { port } = proxy.address() as AddressInfo;
    plugin = await Plugin.start("aws", { ...NOTHING, ...ministack.env });
    await plugin.configure({
      maxRetries: "4",
      endpoints: JSON.stringify([{ ec2: `http://127.0.0.1:${port}` }]),
    });
  });

  beforeEach(() => {
    asked = 0;
    answers = [];
    failing = undefined;
  });

  afterAll(async () => {
    await plugin.stop();
    proxy.closeAllConnections();
    proxy.close();
  });

  test("is asked again, and nothing is made twice", async () => {
    answers = [400, 503, 400, "cut"];
    const { id } = await plugin.create(EC2.vpc, { cidrBlock: "10.0.0.0/16" });
    expect(asked).toBeGreaterThan(4);
    expect(await ministack.contents("us-east-1")).toEqual([`us-east-1 vpc ${id}`]);
  });

  test("is given up after as many retries as the configuration says", async () => {
    answers = Array.from({ length: 20 }, () => 400);
    await expect(plugin.create(EC2.vpc, { cidrBlock: "10.0.0.0/16" })).rejects.toThrow(
      "Throttling: Rate exceeded",
    );
    expect(asked).toBe(5);
    expect(await ministack.contents("us-east-1")).toEqual([]);
  });

  test("leaves the state of what was made half-way, which the next update completes", async () => {
    const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true };
    failing = (body) => body.includes("ModifyVpcAttribute");
    const error: unknown = await plugin.create(EC2.vpc, inputs).catch((reason: unknown) => reason);
    const { id, state, reasons } = leftBehind(error)!;
    expect(reasons).toEqual([expect.stringContaining("ModifyVpcAttribute")]);
    expect(await ministack.contents("us-east-1")).toEqual([`us-east-1 vpc ${id}`]);
    failing = undefined;
    const completed = await plugin.update(EC2.vpc, state, inputs, { id });
    expect(completed).toMatchObject({ enableDnsHostnames: true, arn: expect.stringContaining(id) });
    const attribute = { VpcId: id, Attribute: "enableDnsHostnames" as const };
    expect(await ministack.ec2("us-east-1").describeVpcAttribute(attribute)).toMatchObject({
      EnableDnsHostnames: { Value: true },
    });
    expect(await plugin.diff(EC2.vpc, completed, inputs)).toMatchObject({ changed: false });
  });
});
