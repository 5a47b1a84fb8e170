import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { Provider } from "@pulumi/kubernetes/provider";
import { Config, secret } from "@pulumi/pulumi";
import {
  CnpgPostgres,
  type CnpgRegionArgs,
  type ExternalWriterArgs,
} from "pulumi-multi-region-postgres/cnpg";

const config = new Config();
const namespace = config.get("namespace") ?? "my-namespace";

const region = (name: string): CnpgRegionArgs => ({
  kubeconfig: config.requireSecret(`${name}Kubeconfig`),
  host: config.require(`${name}Host`),
  port: config.getNumber("port") ?? 30432,
});

// The guide's Secret with its keys, in rome.
const { data } = Secret.get("users", `${namespace}/mysecrets-db`, {
  provider: new Provider("users", { kubeconfig: config.requireSecret("romeKubeconfig") }),
  // kubectl apply writes all that it was given into an annotation.
  additionalSecretOutputs: ["metadata"],
});
const key = (name: string) => secret(data.apply((keys) => Buffer.from(keys[name]!, "base64").toString()));
const user = (name: string) => ({ username: key(`${name}-username`), password: key(`${name}-password`) });
const users = {
  superuser: user("superuser"),
  replication: user("replication"),
  authenticator: user("authenticator"),
};

type Server = Pick<ExternalWriterArgs, "host" | "port" | "caCertificate" | "sslMode">;
// Taken away, it leaves a topology with a writer of its own.
const replicateFrom = config.getObject<Server>("replicateFrom");

const db = new CnpgPostgres("my-db", {
  namespace,
  createNamespace: false,
  primary: config.get("primary") ?? "rome",
  regions: { rome: region("rome"), lisbon: region("lisbon") },
  ...(replicateFrom && { externalWriter: { ...replicateFrom, ...users } }),
  database: { name: config.get("database") ?? "app", owner: "authenticator" },
  // After the promotion these are the topology's own: clients go on with the passwords that they have.
  secrets: { passwords: { postgres: users.superuser.password, authenticator: users.authenticator.password } },
  defaults: {
    instances: config.getNumber("instances") ?? 2,
    storage: { size: config.get("storage") ?? "1Ti" },
  },
  pgHba: { additionalCidrs: config.getObject<string[]>("additionalCidrs") ?? [] },
  protect: config.getBoolean("protect") ?? true,
});

export const connectionUri = db.connectionUri;
export const readOnlyUris = db.readOnlyUris;
export const regions = db.regions;
export const caCertificate = db.caCertificate;
export const handover = db.handover;
