import { Config } from "@pulumi/pulumi";
import { AuroraPostgres } from "pulumi-multi-region-postgres/aurora";
import { RegionNetworks, type NetworkArgs } from "pulumi-multi-region-postgres/network";
import { GlobalRouting } from "pulumi-multi-region-postgres/routing";
import { deployService } from "./service";

const config = new Config();
const primary = config.get("primary") ?? "us";
const lost = config.getObject<string[]>("lost") ?? [];

// Opta's blocks. Subnets follow from them: public ones from 10.1.0.0/21, private ones from 10.1.128.0/21.
const networks = new RegionNetworks("hello", {
  regions: {
    us: { awsRegion: config.get("usAwsRegion") ?? "us-east-1", cidrBlock: "10.0.0.0/16" },
    india: { awsRegion: config.get("indiaAwsRegion") ?? "ap-south-1", cidrBlock: "10.1.0.0/16" },
  },
  defaults: { nat: config.get<NonNullable<NetworkArgs["nat"]>>("nat") ?? "none" },
});

const db = new AuroraPostgres("hello-db", {
  primary,
  lost,
  regions: {
    us: { network: networks.regions.us },
    india: { network: networks.regions.india },
  },
  instanceClass: config.get("instanceClass") ?? "db.r5.large",
  deletionProtection: config.getBoolean("deletionProtection") ?? true,
});

// What answers in each region, such as the controller of Ingresses there.
const hosts = config.getObject<Record<"us" | "india", string>>("hosts") ?? {
  us: "us.hello.example.com",
  india: "india.hello.example.com",
};
const image = config.get("image");
export const service = image === undefined ? undefined : deployService({ image, db, primary, lost, hosts });

// The guide leaves open who is answered by which region: here Asia by India, and everybody else by the US.
const zoneId = config.get("zoneId");
export const records =
  zoneId === undefined
    ? undefined
    : new GlobalRouting("hello", {
        domain: config.get("domain") ?? "hello.example.com",
        zoneId,
        policy: "geolocation",
        entries: {
          us: { host: hosts.us, locations: ["elsewhere"] },
          india: { host: hosts.india, locations: [{ continent: "AS" }] },
        },
        lost,
        healthCheck: { protocol: "HTTP", path: "/hello" },
      }).records;

export const globalDatabaseId = db.globalDatabaseId;
export const connectionUri = db.connectionUri;
export const readOnlyUris = db.readOnlyUris;
export const regions = db.regions;
export const secretArns = db.secretArns;
export const privateSubnetIds = {
  us: networks.regions.us.privateSubnetIds,
  india: networks.regions.india.privateSubnetIds,
};
export const handover = db.handover;
