import { Config } from "@pulumi/pulumi";
import { CnpgPostgres, type CnpgRegionArgs } from "pulumi-multi-region-postgres/cnpg";
import { isolate } from "./isolation";

const config = new Config();

// The first one founds the cluster. Later their order says nothing: primary does.
const names = config.requireObject<string[]>("regions");
const poolerRegions = config.getObject<string[]>("poolerRegions") ?? [];
const environment = config.get("environment") ?? "pgcluster";
const version = config.get("version");

const region = (name: string): CnpgRegionArgs => ({
  kubeconfig: config.requireSecret(`${name}Kubeconfig`),
  host: config.require(`${name}Host`),
  port: config.getNumber("port") ?? 30432,
  ...(poolerRegions.includes(name)
    ? { poolers: { readWrite: { port: config.getNumber("poolerPort") ?? 30433 } } }
    : {}),
});

const db = new CnpgPostgres("db", {
  namespace: environment,
  primary: config.get("primary") ?? names[0]!,
  lost: config.getObject<string[]>("lost") ?? [],
  regions: Object.fromEntries(names.map((name) => [name, region(name)])),
  defaults: {
    ...(version === undefined ? {} : { image: `ghcr.io/cloudnative-pg/postgresql:${version}` }),
    storage: { size: config.get("storage") ?? "10Gi" },
  },
  pgHba: { additionalCidrs: config.getObject<string[]>("additionalCidrs") ?? [] },
  protect: config.getBoolean("protect") ?? true,
});

if (config.getBoolean("isolated") ?? false) {
  for (const name of names) {
    isolate(db, environment, name, {
      kubeconfig: config.requireSecret(`${name}Kubeconfig`),
      podCidr: config.require(`${name}PodCidr`),
    });
  }
}

/** Through the poolers, wherever the writer is: each of them is an entry point. */
export const entryPoint = db.pooledUri;
export const entryPoints = Object.fromEntries(
  Object.entries(db.regions).flatMap(([name, { pooler }]) =>
    pooler?.readWrite === undefined ? [] : [[name, pooler.readWrite]],
  ),
);
export const credentials = db.credentials;
export const connectionUri = db.connectionUri;
export const regions = db.regions;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
