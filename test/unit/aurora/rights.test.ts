import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/aws-rights.md"), "utf8");

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

const policies = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
  ([, json]) => JSON.parse(json!) as Policy,
);
const [everything, handovers] = policies.map(({ Statement }) => Statement.flatMap(({ Action }) => Action));

/** Modules of the AWS provider whose resources belong to a service of another name. */
const serviceOf: Readonly<Record<string, string>> = {
  cloudwatch: "logs",
  ec2transitgateway: "ec2",
  vpc: "ec2",
};

function sources(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, folder, file), "utf8"))
    .join("\n");
}

test("the policy for everything has the services of all resources that the source declares", () => {
  const modules = [...sources("src").matchAll(/"@pulumi\/aws\/([a-z0-9]+)\/[a-zA-Z]/g)].map(
    ([, module]) => module!,
  );
  const services = new Set(modules.map((module) => serviceOf[module] ?? module));
  expect(services.size).toBeGreaterThan(5);
  expect(everything).toEqual(expect.arrayContaining([...services].map((service) => `${service}:*`)));
});

test("the policy for handovers has each call that the provider makes", () => {
  const calls = new Set(
    [...sources("src/aurora/provider").matchAll(/new ([A-Za-z]+)Command\(/g)].map(([, call]) => call!),
  );
  // STS tells everyone who they are, and a role that is assumed is the user's own.
  const needed = [...calls].filter((call) => call !== "GetCallerIdentity" && call !== "AssumeRole");
  expect(needed.length).toBeGreaterThan(4);
  const allowed = handovers!.map((action) => action.split(":")[1]);
  expect(allowed).toEqual(expect.arrayContaining(needed));
});
