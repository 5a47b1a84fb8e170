import * as pulumi from "@pulumi/pulumi";
import type { GlobalRoutingArgs, RoutingRecordsArgs } from "../../../src/routing/args";
import { GlobalRouting } from "../../../src/routing/global-routing";
import type { Role } from "../../../src/topology";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** A database in three regions, of which dublin is lost. */
export function topology(primary: string, hosts: Readonly<Record<string, string>> = {}) {
  const endpoint = (region: string) =>
    pulumi.output({ host: hosts[region] ?? `${region}.internal.example`, port: 5432 });
  const names = ["rome", "lisbon", "dublin"];
  const role = (region: string): Role => (region === primary ? "writer" : "reader");
  return {
    regions: Object.fromEntries(
      names.map((region) => [region, { role: role(region), endpoint: endpoint(region) }]),
    ),
    writerEndpoint: endpoint(primary),
    readerEndpoints: Object.fromEntries(
      names
        .filter((region) => region !== primary && region !== "dublin")
        .map((region) => [region, endpoint(region)]),
    ),
  };
}

/** Without what Route 53 alone takes. */
export const plain: RoutingRecordsArgs = {
  domain: "shop.example.com",
  policy: "latency",
  entries: {
    rome: { awsRegion: "eu-south-1", host: "rome.example.net" },
    lisbon: { awsRegion: "eu-west-1", host: "lisbon.example.net" },
    "us-east-1": { host: "virginia.example.net" },
  },
};

export const args: GlobalRoutingArgs = { ...plain, zoneId: "Z1" };

/** What a program with one `GlobalRouting`, called `shop`, registers, by type and name. */
export async function make(
  changes: Partial<GlobalRoutingArgs> | (() => Partial<GlobalRoutingArgs>) = {},
): Promise<{ routing: GlobalRouting; of: (type: string) => Record<string, Registered["inputs"]> }> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: inputs as object };
      },
      call: ({ token }) => {
        throw new Error(`no invoke is known, ${token} least of all`);
      },
    },
    "shop",
    "test",
  );
  const given = typeof changes === "function" ? changes() : changes;
  const routing = new GlobalRouting("shop", { ...args, ...given });
  await pulumi.runtime.disconnect();
  const of = (type: string) =>
    Object.fromEntries(
      registered
        .filter((resource) => resource.type.endsWith(`:${type}`))
        .map(({ name, inputs }) => [name, inputs] as const)
        .sort(([one], [other]) => one.localeCompare(other)),
    );
  return { routing, of };
}

export function known<T>(value: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => value.apply((found) => resolve(found as T)));
}
