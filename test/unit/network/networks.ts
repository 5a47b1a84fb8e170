import * as pulumi from "@pulumi/pulumi";
import type { RegionNetworksArgs } from "../../../src/network/args";
import { RegionNetworks } from "../../../src/network/region-networks";

export interface Registered extends pulumi.runtime.MockResourceArgs {
  readonly inputs: Record<string, unknown>;
}

/** What a program with one `RegionNetworks`, called `net`, registers. Arguments with resources are made in it. */
export async function register<Name extends string>(
  args: RegionNetworksArgs<Name> | (() => RegionNetworksArgs<Name>),
): Promise<{ networks: RegionNetworks<Name>; registered: Registered[] }> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        const inputs = resource.inputs as Record<string, unknown>;
        registered.push({ ...resource, inputs });
        const id = `${resource.name} id`;
        return { id, state: { ...inputs, arn: `arn of ${resource.name}` } };
      },
      call: ({ token }) => {
        if (token !== "aws:index/getCallerIdentity:getCallerIdentity") {
          throw new Error(`no invoke of this name is known: ${token}`);
        }
        return { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/pulumi" };
      },
    },
    "shop",
    "test",
  );
  // Pulumi notes a stack with every promise, which takes most of the time here.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const networks = new RegionNetworks("net", typeof args === "function" ? args() : args);
  await pulumi.runtime.disconnect().finally(() => (Error.stackTraceLimit = stackTraceLimit));
  return { networks, registered };
}

/** Of one type, by the names of the resources. */
export function inputsOf(
  registered: readonly Registered[],
  type: string,
): Record<string, Registered["inputs"]> {
  const some = registered.filter((resource) => resource.type.split(":").at(-1) === type);
  return Object.fromEntries(some.map(({ name, inputs }) => [name, inputs]));
}
