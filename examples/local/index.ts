import { Config } from "@pulumi/pulumi";
import type { Durability } from "pulumi-multi-region-postgres";
import { LocalPostgres, type LocalRegionArgs } from "pulumi-multi-region-postgres/local";

const config = new Config();

const db = new LocalPostgres("db", {
  primary: config.get("primary") ?? "rome",
  regions: config.getObject<Record<string, LocalRegionArgs>>("regions") ?? {
    rome: { port: 5501 },
    lisbon: { port: 5502 },
    dublin: { port: 5503 },
  },
  lost: config.getObject<string[]>("lost") ?? [],
  durability: config.get<Durability>("durability") ?? "local",
});

export const regions = db.regions;
export const connectionUri = db.connectionUri;
export const readOnlyUris = db.readOnlyUris;
export const credentials = db.credentials;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
