import type { dynamic } from "@pulumi/pulumi";

/**
 * A provider whose refusals and errors are told without a dump. Of a refused property Pulumi prints the whole value, an
 * object as `map[…]`; of what `check`, `diff`, `read` or `delete` throw it prints the stack.
 */
export function quiet<Inputs, Outputs>(
  provider: dynamic.ResourceProvider<Inputs, Outputs>,
): dynamic.ResourceProvider<Inputs, Outputs> {
  const { check } = provider;
  const told: dynamic.ResourceProvider<Inputs, Outputs> =
    check === undefined
      ? provider
      : {
          ...provider,
          check: async (olds, news) => withoutValues(await check(olds, news)),
        };
  const methods = Object.entries(told) as [string, (...args: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    methods.map(([name, method]) => [name, withoutStack(method)]),
  ) as unknown as dynamic.ResourceProvider<Inputs, Outputs>;
}

function withoutValues<Inputs>({
  failures = [],
  ...result
}: dynamic.CheckResult<Inputs>): dynamic.CheckResult<Inputs> {
  return {
    ...result,
    failures: failures.map(({ property, reason }) => ({ property: "", reason: `${property}: ${reason}` })),
  };
}

function withoutStack(
  method: (...args: unknown[]) => Promise<unknown>,
): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (error) {
      if (error instanceof Error) {
        error.stack = "";
      }
      throw error;
    }
  };
}
