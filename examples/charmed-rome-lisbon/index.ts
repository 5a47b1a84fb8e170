import { Config } from "@pulumi/pulumi";
import { CnpgPostgres, type CnpgRegionArgs } from "pulumi-multi-region-postgres/cnpg";

const config = new Config();

const region = (name: string): CnpgRegionArgs => ({
  kubeconfig: config.requireSecret(`${name}Kubeconfig`),
  host: config.require(`${name}Host`),
  port: config.getNumber("port") ?? 30432,
  instances: config.getNumber(`${name}Instances`) ?? 1,
});

const db = new CnpgPostgres("db", {
  primary: config.get("primary") ?? "rome",
  regions: { rome: region("rome"), lisbon: region("lisbon") },
  // As Charmed PostgreSQL's `profile=testing`: little memory.
  parameters: { shared_buffers: "64MB" },
  defaults: { resources: { limits: { memory: "512Mi" } } },
  pgHba: { additionalCidrs: config.getObject<string[]>("additionalCidrs") ?? [] },
  protect: config.getBoolean("protect") ?? true,
});

export const connectionUri = db.connectionUri;
export const readOnlyUris = db.readOnlyUris;
export const regions = db.regions;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
