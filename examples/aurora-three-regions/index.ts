import { Config } from "@pulumi/pulumi";
import { AuroraPostgres, type AuroraRegionArgs } from "pulumi-multi-region-postgres/aurora";
import { RegionNetworks } from "pulumi-multi-region-postgres/network";

const config = new Config();
const recoveryPointSeconds = config.getNumber("recoveryPointSeconds");

const networks = new RegionNetworks("net", {
  regions: {
    virginia: { awsRegion: "us-east-1" },
    ireland: { awsRegion: "eu-west-1" },
    sydney: { awsRegion: "ap-southeast-2" },
  },
});

const region = (name: keyof typeof networks.regions, instances: number): AuroraRegionArgs => ({
  network: networks.regions[name],
  instances: config.getNumber(`${name}Instances`) ?? instances,
  ...(config.getBoolean("serverless") ? { serverless: { minCapacity: 8, maxCapacity: 64 } } : {}),
});

const db = new AuroraPostgres("db", {
  primary: config.get("primary") ?? "virginia",
  lost: config.getObject<string[]>("lost") ?? [],
  // Sydney is headless: it keeps a copy of the data, and answers nobody until it is given an instance.
  regions: { virginia: region("virginia", 2), ireland: region("ireland", 1), sydney: region("sydney", 0) },
  // What a failover may lose at most. The writer waits where no reader keeps up, so it is off unless it is set.
  ...(recoveryPointSeconds === undefined ? {} : { recoveryPointSeconds }),
  writeForwarding: true,
  deletionProtection: config.getBoolean("deletionProtection") ?? true,
});

export const connectionUri = db.connectionUri;
export const readOnlyUris = db.readOnlyUris;
export const globalWriterEndpoint = db.globalWriterEndpoint;
export const regions = db.regions;
export const secretArns = db.secretArns;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
