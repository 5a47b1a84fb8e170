import type * as pulumi from "@pulumi/pulumi";
import { EndpointConfig, RegionalApp } from "../../src/app";
import { AuroraPostgres } from "../../src/aurora";
import { CnpgPostgres } from "../../src/cnpg";
import { LocalPostgres } from "../../src/local";
import { registeredBy } from "../support/registered";
import { topologyOf } from "./app/topology";
import { args as auroraArgs } from "./aurora/component";

const clusters = {
  rome: { kubeconfig: "rome's", host: "rome.example.com" },
  lisbon: { kubeconfig: "lisbon's", host: "lisbon.example.com" },
};

/** What of any resource is read by others. */
const outputs = {
  ...{ privateKeyPem: "key", certPem: "certificate", certRequestPem: "request", result: "password" },
  ...{ output: "rome", primary: "rome", namespace: "db", token: "", release: "1", writableSince: "now" },
  ...{ report: { kind: "founding", to: "rome", at: "now" }, endpoint: "db.example.com", arn: "arn:x" },
  ...{ readerEndpoint: "read.example.com", globalWriterHost: "writer.example.com" },
};

/** What a rotation, or a handover, may have to replace. */
const replaced = /^(random:|tls:|kubernetes:core\/v1:(Secret|ConfigMap)$|aws:secretsmanager\/secretVersion:)/;

const components: Record<string, (options: pulumi.ComponentResourceOptions) => unknown> = {
  LocalPostgres: (options) =>
    new LocalPostgres(
      "db",
      { primary: "rome", regions: { rome: { port: 5501 }, lisbon: { port: 5502 } } },
      options,
    ),
  CnpgPostgres: (options) =>
    new CnpgPostgres(
      "db",
      {
        primary: "rome",
        regions: clusters,
        defaults: { storage: { size: "10Gi" }, poolers: { readWrite: {} } },
        roles: { report: {} },
        sharedSecrets: { token: { value: "x" } },
        origin: {
          clone: { host: "old.example.com", port: 5432, user: "old", password: "x", sslMode: "require" },
        },
      } as never,
      options,
    ),
  AuroraPostgres: (options) => new AuroraPostgres("db", auroraArgs, options),
  RegionalApp: (options) =>
    new RegionalApp(
      "shop",
      {
        regions: { rome: { kubeconfig: "rome's" } },
        image: "shop:1",
        port: 8080,
        pullSecret: "{}",
        secrets: { key: "x" },
      },
      options,
    ),
  EndpointConfig: (options) =>
    new EndpointConfig(
      "db-endpoints",
      {
        topology: topologyOf("rome"),
        regions: { rome: { kubeconfig: "rome's", namespace: "shop" } },
      } as never,
      options,
    ),
};

describe.each(Object.entries(components))("%s with `protect: true`", (_name, declare) => {
  it("protects all but what a rotation may have to replace", async () => {
    const made: { type: string; resource: pulumi.Resource }[] = [];
    await registeredBy(
      () =>
        void declare({
          protect: true,
          transformations: [
            ({ type, resource }) => {
              made.push({ type, resource });
              return undefined;
            },
          ],
        }),
      () => outputs,
    );
    const isProtected = ({ resource }: (typeof made)[number]) =>
      (resource as unknown as { __protect: boolean }).__protect;
    const secrets = made.filter(({ type }) => replaced.test(type));
    expect(secrets).not.toHaveLength(0);
    expect(secrets.filter(isProtected).map(({ type }) => type)).toEqual([]);
    const others = made.filter(({ type }) => !replaced.test(type) && !/PostgresSecrets$/.test(type));
    expect(others.filter((each) => !isProtected(each)).map(({ type }) => type)).toEqual([]);
  });
});
