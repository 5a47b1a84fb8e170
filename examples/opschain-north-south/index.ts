import { Config } from "@pulumi/pulumi";
import { CnpgPostgres, type CnpgRegionArgs } from "pulumi-multi-region-postgres/cnpg";

const config = new Config();

const region = (name: string): CnpgRegionArgs => ({
  kubeconfig: config.requireSecret(`${name}Kubeconfig`),
  host: config.get(`${name}Host`) ?? `cluster-${name}.example.com`,
  port: 30432,
  hibernated: config.getBoolean(`${name}StopDatabase`) ?? false,
});
const names = config.getObject<string[]>("clusters") ?? ["north", "south"];
const certificate = config.getSecret("caCertificate");
const privateKey = config.getSecret("caPrivateKey");

// With its region this is the guide's `clusterName`: opschain-db-cluster-north.
const db = new CnpgPostgres("opschain-db-cluster", {
  namespace: "opschain",
  primary: config.get("primary") ?? "north",
  lost: config.getObject<string[]>("lost") ?? [],
  regions: Object.fromEntries(names.map((name) => [name, region(name)])),
  database: { name: "opschain" },
  defaults: { instances: 1, storage: { size: "10Gi" } },
  parameters: {
    wal_keep_size: "2GB",
    max_wal_size: "500MB",
    max_slot_wal_keep_size: "2GB",
  },
  pgHba: { additionalCidrs: config.getObject<string[]>("additionalCidrs") ?? [] },
  ...(certificate && privateKey ? { secrets: { ca: { certificate, privateKey } } } : {}),
  sharedSecrets: {
    "opschain-encryption-keys": { primary: config.requireSecret("encryptionKey") },
  },
  protect: config.getBoolean("protect") ?? true,
});

export const connectionUri = db.connectionUri;
export const writerEndpoint = db.writerEndpoint;
export const regions = db.regions;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
