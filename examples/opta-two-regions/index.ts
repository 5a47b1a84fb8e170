import { Config } from "@pulumi/pulumi";
import { AuroraPostgres } from "pulumi-multi-region-postgres/aurora";
import { RegionNetworks, type NetworkArgs } from "pulumi-multi-region-postgres/network";

const config = new Config();

// Opta's blocks. Subnets follow from them: public ones from 10.1.0.0/21, private ones from 10.1.128.0/21.
const networks = new RegionNetworks("hello", {
  regions: {
    us: { awsRegion: config.get("usAwsRegion") ?? "us-east-1", cidrBlock: "10.0.0.0/16" },
    india: { awsRegion: config.get("indiaAwsRegion") ?? "ap-south-1", cidrBlock: "10.1.0.0/16" },
  },
  defaults: { nat: config.get<NonNullable<NetworkArgs["nat"]>>("nat") ?? "none" },
});

const db = new AuroraPostgres("hello-db", {
  primary: config.get("primary") ?? "us",
  lost: config.getObject<string[]>("lost") ?? [],
  regions: {
    us: { network: networks.regions.us },
    india: { network: networks.regions.india },
  },
  instanceClass: config.get("instanceClass") ?? "db.r5.large",
  deletionProtection: config.getBoolean("deletionProtection") ?? true,
});

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
