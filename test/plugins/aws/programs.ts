import * as pulumi from "@pulumi/pulumi";
import type { Topology } from "../../../src";
import { AuroraPostgres } from "../../../src/aurora";
import { EksRegion } from "../../../src/eks";
import { RegionNetworks } from "../../../src/network";
import { EndpointParameters, GlobalRouting } from "../../../src/routing";
import { registeredBy } from "../../support/registered";

/** A resource of AWS that a program declares. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** A program by its title. */
interface Program {
  readonly title: string;
  readonly declare: () => void;
  readonly config?: Readonly<Record<string, string>>;
}

/** All resources of AWS that a program declares, without an engine. */
export async function declaredBy({ declare, config = {} }: Program): Promise<Declared[]> {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`shop:${key}`, value])),
  );
  // Pulumi notes a stack with every promise, which takes most of the time here.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const all = await registeredBy(declare, outputsOf).finally(() => (Error.stackTraceLimit = stackTraceLimit));
  return all
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ type, name, inputs }) => ({ type, name, inputs: inputs as Record<string, unknown> }));
}

const account = "123456789012";

function outputsOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  const { region = "", input } = inputs as { region?: string; input?: unknown };
  const [, path = ""] = type.split(":");
  const [service = "", kind = ""] = path.split("/");
  const arn =
    service === "iam"
      ? `arn:aws:iam::${account}:${kind}/${name}`
      : `arn:aws:${service}:${region}:${account}:${kind}/${name}`;
  switch (type) {
    case "pulumi:index:Stash":
      return { output: input };
    case "random:index/randomPassword:RandomPassword":
      return { result: "0123456789abcdefghijABCDEFGHIJKL" };
    case "aws:ec2/vpc:Vpc":
      return { arn: `arn:aws:ec2:${region}:${account}:vpc/vpc-0123456789abcdef0` };
    case "aws:ec2/subnet:Subnet":
      return { arn: `arn:aws:ec2:${region}:${account}:subnet/subnet-0123456789abcdef0` };
    case "aws:rds/cluster:Cluster":
    case "aws:rds/proxy:Proxy":
    case "aws:rds/proxyEndpoint:ProxyEndpoint":
      return { arn, endpoint: `${name}.example.com`, readerEndpoint: `${name}-ro.example.com` };
    case "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup":
      return { arn, name: "default" };
    case "aws:kms/key:Key":
      return { arn, keyId: `${name}-key-id` };
    case "aws:eks/cluster:Cluster":
      return {
        arn,
        endpoint: `https://${name}.example.com`,
        certificateAuthority: { data: "QQ==" },
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLE` }] }],
        version: "1.35",
      };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { arn, latestVersion: 1 };
    default:
      return {
        arn,
        report: { kind: "founding", to: "virginia", at: "2026-11-21T05:00:00.000Z" },
        globalWriterHost: `${name}.global.example.com`,
      };
  }
}

const tags = { team: "web", "cost centre": "shop: 7 / 3" };

const awsRegions = { virginia: "us-east-1", ireland: "eu-west-1", sydney: "ap-southeast-2" } as const;

function networks() {
  return new RegionNetworks("net", {
    regions: {
      virginia: { awsRegion: awsRegions.virginia, nat: "onePerZone" },
      ireland: { awsRegion: awsRegions.ireland, nat: "one", flowLogRetentionDays: 400 },
      sydney: { awsRegion: awsRegions.sydney },
    },
    defaults: { endpoints: ["secretsmanager", "kms", "ecr.api"] },
    publicRoutes: true,
    peers: {
      office: {
        awsRegion: "eu-central-1",
        vpcId: "vpc-0123456789abcdef0",
        cidrBlock: "192.168.0.0/16",
        routeTableIds: { main: "rtb-0123456789abcdef0" },
      },
      partner: {
        awsRegion: "eu-west-1",
        vpcId: "vpc-0123456789abcdef1",
        cidrBlock: "172.16.0.0/16",
        accountId: "210987654321",
      },
    },
    tags,
  });
}

function database(): AuroraPostgres {
  const network = (region: string) => ({
    vpcId: `vpc-${region}`,
    databaseSubnetIds: [`subnet-${region}-a`, `subnet-${region}-b`],
    clientCidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
  });
  const at = (region: keyof typeof awsRegions) => ({
    awsRegion: awsRegions[region],
    network: network(region),
  });
  return new AuroraPostgres("db", {
    primary: "virginia",
    regions: {
      virginia: { ...at("virginia"), instances: 2, proxy: { maxConnectionsPercent: 80 } },
      ireland: { ...at("ireland"), proxy: {}, serverless: { minCapacity: 8.5, maxCapacity: 64 } },
      sydney: { ...at("sydney"), instances: 0, deletionProtection: false },
    },
    database: { name: "shop", owner: "shop_owner" },
    parameters: { work_mem: "64MB", "rds.logical_replication": true, max_connections: 500 },
    recoveryPointSeconds: 60,
    writeForwarding: true,
    backupRetentionDays: 35,
    databaseInsights: "advanced",
    backupWindow: "01:00-02:00",
    maintenanceWindow: "sun:03:00-sun:04:00",
    storageType: "aurora-iopt1",
    finalSnapshot: true,
    tags,
  });
}

const full: Program[] = [
  { title: "RegionNetworks", declare: () => void networks() },
  {
    title: "RegionNetworks with gateways, and zones by id",
    declare: () =>
      void new RegionNetworks("net", {
        regions: {
          virginia: { awsRegion: "us-east-1", hub: { transitGatewayId: "tgw-0123456789abcdef0" } },
          ireland: {
            awsRegion: "eu-west-1",
            zones: ["euw1-az1", "euw1-az2"],
            hub: {
              coreNetworkArn: `arn:aws:networkmanager::${account}:core-network/core-network-0123456789abcdef0`,
            },
          },
        },
        defaults: { publicSubnets: false },
        tags,
      }),
  },
  { title: "AuroraPostgres", declare: () => void database() },
  {
    title: "AuroraPostgres that joins a global database, of the longest names",
    declare: () =>
      void new AuroraPostgres("db", {
        identifier: "a".repeat(40),
        globalDatabaseId: "other",
        globalDatabaseAwsRegion: "eu-central-1",
        secrets: { passwords: { app: "!#$%&'()*+,-.09:;<=>?AZ[]^_`az{|}~" } },
        engineVersion: "17.5",
        primary: "us-east-1",
        regions: {
          "us-east-1": {
            proxy: {},
            network: {
              vpcId: "vpc-0123456789abcdef0",
              databaseSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
              clientCidrBlocks: ["10.0.0.0/16"],
            },
          },
        },
      }),
  },
  {
    title: "EksRegion",
    declare: () =>
      void new EksRegion("cluster", {
        network: {
          awsRegion: awsRegions.virginia,
          vpcId: "vpc-0123456789abcdef0",
          privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
          clientCidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
          serviceCidrBlock: "172.20.0.0/20",
        },
        version: "1.34",
        publicAccessCidrBlocks: ["192.0.2.0/24"],
        nodes: { instanceTypes: ["m7g.large", "m6g.large"], count: 3, volumeGiB: 100 },
        access: {
          deployers: { principalArn: `arn:aws:iam::${account}:role/deploy`, policy: "clusterAdmin" },
          readers: { principalArn: `arn:aws:iam::${account}:role/read`, namespaces: ["shop"] },
        },
        tags,
      }),
  },
  ...(["latency", "geolocation", "failover"] as const).map((policy): Program => ({
    title: `GlobalRouting by ${policy}`,
    declare: () => void routing(policy),
  })),
  {
    title: "GlobalRouting to load balancers and addresses",
    declare: () => {
      const zoneId = "Z0123456789ABC";
      new GlobalRouting("shop", {
        domain: "shop.example.com",
        zoneId,
        policy: "latency",
        entries: {
          virginia: {
            awsRegion: awsRegions.virginia,
            loadBalancer: { name: "shop.elb.us-east-1.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" },
          },
          ireland: { awsRegion: awsRegions.ireland, address: "192.0.2.10" },
        },
        healthCheck: { protocol: "TCP", port: 5432, intervalSeconds: 10, failures: 10 },
        tags,
      });
    },
  },
  {
    title: "EndpointParameters",
    declare: () => void new EndpointParameters("db", { topology: database(), path: "/shop/db.main", tags }),
  },
];

function routing(policy: "latency" | "geolocation" | "failover"): void {
  const at = <Entry extends object>(entry: Entry, locations: object[]) =>
    policy === "geolocation" ? { ...entry, locations } : entry;
  const topology: Topology = database();
  new GlobalRouting("shop", {
    domain: "shop.example.com",
    zoneId: "Z0123456789ABC",
    policy,
    entries: {
      virginia: at({ awsRegion: awsRegions.virginia, host: "virginia.example.net" }, [
        "elsewhere" as never,
        { country: "US", subdivision: "VA" },
      ]),
      ireland: at({ awsRegion: awsRegions.ireland, host: "ireland.example.net" }, [{ continent: "EU" }]),
    },
    ...(policy === "failover" ? { primary: "virginia" } : {}),
    healthCheck: { path: "/healthz", failures: 5 },
    database: { domain: "db.shop.example.com", topology },
    tags,
  });
}

const example = (name: string, config: Readonly<Record<string, string>> = {}): Program => ({
  title: `the example ${name}${config["image"] === undefined ? "" : ", with its application"}`,
  config,
  declare: () => jest.isolateModules(() => void jest.requireActual(`../../../examples/${name}/index`)),
});

const examples: Program[] = [
  example("aurora-three-regions", { serverless: "true" }),
  example("opta-two-regions", { zoneId: "Z0123456789ABC", domain: "hello.example.com", nat: "onePerZone" }),
  example("full-stack-aws", {
    zoneId: "Z0123456789ABC",
    hosts: JSON.stringify({ us: "us.example.net", eu: "eu.example.net" }),
    publicAccessCidrBlocks: JSON.stringify(["192.0.2.0/24"]),
  }),
  example("full-stack-aws", {
    image: "registry.example.com/shop:1",
    zoneId: "Z0123456789ABC",
    hosts: JSON.stringify({ us: "us.example.net", eu: "eu.example.net" }),
  }),
];

/** A program of each component with all of its options, and the examples that are on AWS. */
export const programs: readonly Program[] = [...full, ...examples];
