import * as pulumi from "@pulumi/pulumi";

type Outputs = (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;

/** The caller of AWS, where nothing else is asked. */
const callerIdentity = {
  accountId: "123456789012",
  arn: "arn:aws:iam::123456789012:user/pulumi",
  userId: "AIDAEXAMPLE",
};

/** What is registered while something is declared without an engine, with secrets in the clear. */
export async function registeredBy(
  declare: () => void,
  outputsOf: Outputs,
): Promise<Pick<pulumi.runtime.MockResourceArgs, "type" | "name" | "inputs">[]> {
  const seen: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        seen.push(resource);
        return { id: `${resource.name}-id`, state: { ...resource.inputs, ...outputsOf(resource) } };
      },
      call: ({ token }) => {
        if (token === "aws:index/getCallerIdentity:getCallerIdentity") {
          return callerIdentity;
        }
        throw new Error(`no invoke is known, ${token} least of all`);
      },
    },
    "shop",
    "test",
  );
  declare();
  await pulumi.runtime.disconnect();
  return seen.map(({ type, name, inputs }) => ({ type, name, inputs: withoutMarks(inputs) }));
}

const secretMark = "4dabf18193072939515e22adb298388d";

/** A value without the marks of secrets. */
export function withoutMarks(input: unknown): unknown {
  if (Array.isArray(input)) {
    return input.map(withoutMarks);
  }
  if (typeof input !== "object" || input === null) {
    return input;
  }
  return secretMark in input
    ? withoutMarks((input as unknown as { value: unknown }).value)
    : Object.fromEntries(Object.entries(input).map(([key, value]) => [key, withoutMarks(value)]));
}
