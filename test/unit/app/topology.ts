import * as pulumi from "@pulumi/pulumi";
import { libpqUri, type Endpoint } from "../../../src/endpoints";
import { stringsOf } from "../../../src/secret-uri";
import type { Credential, Topology } from "../../../src/topology";

const port = 30_432;
export const hostOf = (region: string) => `${region}.example.com`;
export const endpointOf = (region: string): Endpoint => ({ host: hostOf(region), port });

/** A database as every engine gives it, made without one. */
export function topologyOf(
  writer: string,
  regions: readonly string[] = ["dublin", "lisbon", "rome"],
  inactive: readonly string[] = [],
): Topology {
  const others = regions.filter((region) => region !== writer);
  const readers = others.filter((region) => !inactive.includes(region));
  const order = [writer, ...readers, ...inactive];
  const uri = (hosts: readonly string[], target: "read-write" | "any") =>
    pulumi.secret(
      libpqUri({
        endpoints: hosts.map(endpointOf),
        username: "app",
        password: "p@ss word",
        database: "app",
        target,
      }),
    );
  const connectionUri = uri(order, "read-write");
  const mapped = <T>(names: readonly string[], map: (region: string) => T) =>
    Object.fromEntries(names.map((region) => [region, map(region)]));
  return {
    regions: mapped(regions, (region) => ({
      role: region === writer ? ("writer" as const) : ("reader" as const),
      endpoint: pulumi.output(endpointOf(region)),
    })),
    writerEndpoint: pulumi.output(endpointOf(writer)),
    readerEndpoints: mapped(readers, (region) => pulumi.output(endpointOf(region))),
    connectionUri,
    connectionStrings: stringsOf(connectionUri),
    readOnlyUris: mapped(regions, (region) =>
      uri([region, ...order.filter((other) => other !== region)], "any"),
    ),
    credentials: pulumi.secret<Record<string, Credential>>({
      app: { username: "app", password: "p@ss word" },
    }),
    caCertificate: pulumi.output("the authority"),
    handover: pulumi.output({ kind: "founding" as const, to: writer, at: "2026-11-21T05:00:00.000Z" }),
  };
}
