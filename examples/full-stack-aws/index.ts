import { Config } from "@pulumi/pulumi";
import { AuroraPostgres } from "pulumi-multi-region-postgres/aurora";
import { RegionNetworks } from "pulumi-multi-region-postgres/network";
import { EndpointParameters, GlobalRouting } from "pulumi-multi-region-postgres/routing";
import { deployApp, type Hosts } from "./app";
import { kubernetes } from "./kubernetes";

const config = new Config();
const primary = config.get("primary") ?? "us";
const lost = config.getObject<string[]>("lost") ?? [];
const deletionProtection = config.getBoolean("deletionProtection") ?? true;

const networks = new RegionNetworks("shop", {
  regions: { us: { awsRegion: "us-east-1" }, eu: { awsRegion: "eu-west-1" } },
  defaults: { nat: "one" },
});

const kubeconfigs = kubernetes(networks.regions, deletionProtection);

const db = new AuroraPostgres("shop-db", {
  primary,
  lost,
  regions: {
    us: { network: networks.regions.us, instances: 2, proxy: {} },
    eu: { network: networks.regions.eu, instances: 2, proxy: {} },
  },
  deletionProtection,
});

const parameters = new EndpointParameters("shop-db", { topology: db, path: "/shop/db", lost });

// An image has to be somewhere before it runs: without one, everything but the application is made.
const image = config.get("image");
const hosts = config.getObject<Hosts>("hosts");
const entries =
  image === undefined
    ? hosts && { us: { host: hosts.us }, eu: { host: hosts.eu } }
    : deployApp({ image, db, kubeconfigs, primary, lost, hosts });

const zoneId = config.get("zoneId");
const domain = config.get("domain") ?? "shop.example.com";
const routing =
  zoneId === undefined || entries === undefined
    ? undefined
    : new GlobalRouting("shop", {
        domain,
        zoneId,
        policy: "latency",
        entries: {
          us: { ...entries.us, awsRegion: "us-east-1" },
          eu: { ...entries.eu, awsRegion: "eu-west-1" },
        },
        lost,
        healthCheck: { protocol: "HTTP", path: "/healthz" },
        database: { domain: `db.${domain}`, topology: db },
      });

export const records = routing?.records;
export const regions = db.regions;
export const parametersPath = parameters.path;
export const secretArns = db.secretArns;
export const connectionUri = db.connectionUri;
export const handover = db.handover;
