import { output } from "@pulumi/pulumi";
import type { RegionalAppArgs } from "../../../src/app/args";
import { linkVariables } from "../../../src/app/link-environment";
import { appFailures } from "../../../src/app/rules";
import { full, least } from "./component";
import { topologyOf } from "./topology";

// Bad input is what the types do not let pass.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

const linesOf = (args: unknown, name = "shop") =>
  appFailures(name, args as RegionalAppArgs).map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);

type Fault = [title: string, spoil: (args: Loose) => unknown, ...lines: string[]];

/** Something else in the place of a property, such as `regions.rome.port`. */
function wrong(path: string, value: unknown, reason: string): Fault {
  const keys = path.split(".");
  const spoil = (args: Loose) => {
    const holder = keys.slice(0, -1).reduce<Loose>((within, key) => (within[key] ??= {}), args);
    holder[keys.at(-1)!] = value;
  };
  const title = `${path} that is ${typeof value === "string" ? `"${value}"` : JSON.stringify(value)}`;
  return [title, spoil, `${path}: ${reason}`];
}

/** The same, where the line tells the path too. */
function given(path: string, value: unknown, line: string): Fault {
  const [title, spoil] = wrong(path, value, "");
  return [title, spoil, line];
}

const path = "must be a path such as /healthz";
const dnsName = "must be a DNS name such as shop.example.com";
const variable = "letters, digits and underscores, no digit first";

const faults: Fault[] = [
  [
    "no regions",
    (args) => delete args.regions,
    "regions: is missing: must be an object of at least one region",
  ],
  [
    "no kubeconfig",
    (args) => delete args.regions.rome.kubeconfig,
    "regions.rome.kubeconfig: is missing: must be a kubeconfig: its text or the path of a file",
  ],
  [
    "a cluster of another region's",
    (args) => (args.regions.dublin.kubeconfig = args.regions.lisbon.kubeconfig),
    "regions.dublin.kubeconfig: must be of another cluster, or have another context, than that of lisbon",
  ],
  wrong("regions.rome.stopped", "yes", 'must be true or false, not "yes"'),
  wrong(
    "regions.rome.port",
    1,
    "unknown property, must be one of kubeconfig, context, stopped, replicas, autoscaling, resources, env, service, ingress, gateway",
  ),
  wrong("regions.rome.replica", 1, 'unknown property, did you mean "replicas"?'),
  wrong("regions.rome.replicas", 0, "must be a whole number from 1 to 1000, not 0"),
  wrong("imag", "shop:1", 'unknown property, did you mean "image"?'),
  [
    "no image",
    (args) => delete args.image,
    "image: is missing: must be an image, such as registry.example.com/shop:2",
  ],
  wrong("image", "shop 1", 'must be an image, such as registry.example.com/shop:2, not "shop 1"'),
  ["no port", (args) => delete args.port, "port: is missing: must be the port at which pods answer HTTP"],
  wrong("port", 65_536, "must be a whole number from 1 to 65535, not 65536"),
  [
    "a port that is not known yet",
    (args) => (args.port = output(1)),
    "port: must be known before the deployment, not an output",
  ],
  wrong("command", [], "must name a program"),
  wrong("command", "serve", 'must be a list of texts, not "serve"'),
  given("healthCheck", {}, "healthCheck.path: is missing: must be a path such as /healthz"),
  wrong("healthCheck.path", "healthz", `${path}, not "healthz"`),
  wrong("healthCheck.livePath", 1, `${path}, not 1`),
  given("lost", ["paris"], 'lost[0]: must be one of rome, lisbon, dublin, not "paris"'),
  given("order", ["rome", "rome"], 'order[1]: must be listed once, but "rome" already is'),
  given("order", ["paris"], 'order[0]: must be one of rome, lisbon, dublin, not "paris"'),
  wrong("putBack", 1, "must be true or false, not 1"),
  wrong("progressDeadlineSeconds", 5, "must be a whole number of 10 or more, not 5"),
  wrong("runAsUser", 0, "must be a whole number of 1 or more, not 0"),
  wrong(
    "namespace",
    "Shop",
    'must be 1 to 63 lower-case letters, digits and hyphens, none of these first or last, not "Shop"',
  ),
  given(
    "migration",
    {},
    "migration.command: is missing: must be a list of texts: a program and its arguments",
  ),
  wrong("migration.timeoutSeconds", 0, "must be a whole number of 1 or more, not 0"),
  [
    "a number of pods beside an autoscaler",
    (args) => Object.assign(args, { replicas: 3, autoscaling: { max: 4 } }),
    "replicas: must not be given beside autoscaling, which decides how many pods there are",
  ],
  given(
    "regions.lisbon.autoscaling",
    { min: 3, max: 2 },
    "regions.lisbon.autoscaling.max: must be a whole number from 3 to 1000, not 2",
  ),
  wrong("regions.lisbon.autoscaling.cpu", 0, "must be a whole number from 1 to 100, not 0"),
  [
    "an autoscaler of pods that ask for no processor",
    (args) => delete args.resources.requests.cpu,
    "regions.lisbon.autoscaling: takes resources.requests.cpu: the load is a share of that",
  ],
  wrong("resources.limits.memory", "lots", 'must be a Kubernetes quantity such as 500m or 1Gi, not "lots"'),
  given("env.2ND", "b", `env["2ND"]: must be named by ${variable}, not "2ND"`),
  wrong("env.LEVEL", 1, "must be a text, not 1"),
  wrong("env.PGHOST", "rome", "must not be given beside links.db"),
  wrong("regions.rome.env.API_KEY", "a", "must not be given beside secrets.API_KEY"),
  wrong("secrets.API_KEY", 1, "must be a text, not 1"),
  wrong("secrets", "s3cret", "must be an object of texts, by name, not a text"),
  wrong("service.type", "Headless", 'must be one of ClusterIP, NodePort, LoadBalancer, not "Headless"'),
  given("service", { nodePort: 31_000 }, 'service.nodePort: must not be given unless type is "NodePort"'),
  wrong("regions.rome.ingress.host", "10.0.0.1", `${dnsName}, not "10.0.0.1"`),
  wrong("regions.rome.ingress.path", "shop", `${path}, not "shop"`),
  given(
    "regions.lisbon.gateway.hostnames",
    ["*.example.com", "*"],
    `regions.lisbon.gateway.hostnames[1]: ${dnsName}, not "*"`,
  ),
  wrong(
    "links.db",
    "postgresql://app:secret@rome/app",
    "must be a topology, such as a CnpgPostgres, not a text",
  ),
  wrong("links.orders.to", {}, "must be a topology, such as a CnpgPostgres, not an object"),
  wrong("links.orders.hosts", "reader", 'must be one of all, writer, not "reader"'),
  wrong("links.orders.through", "proxy", 'must be one of pooler, not "proxy"'),
  wrong(
    "links.orders.through",
    "pooler",
    "must not be given: no region of the database has a pooler for clients outside",
  ),
  given(
    "links.orders.env.PGHOTS",
    "A",
    `links.orders.env.PGHOTS: must be one of ${linkVariables.join(", ")}, not "PGHOTS"`,
  ),
  [
    "two databases that are not told apart",
    (args) => (args.links.orders = { to: topologyOf("rome") }),
    "links.orders: must not give the variable PGHOST, which links.db gives: see prefix and env",
  ],
  [
    "a writer to follow where there are two",
    (args) => (args.follow = "writer"),
    "follow: must not be given unless there is one link: there are 2",
  ],
  given("egress", [{ cidrs: [] }], "egress[0].cidrs: must not be empty: leave it out for all"),
  given("egress", [{ ports: [0] }], "egress[0].ports[0]: must be a whole number from 1 to 65535, not 0"),
];

describe("RegionalApp", () => {
  it("takes the least, and all that it can have", () => {
    expect(linesOf(least)).toEqual([]);
    expect(linesOf(full())).toEqual([]);
  });

  it.each(faults)("refuses %s", (_title, spoil, ...lines) => {
    const args: Loose = full();
    spoil(args);
    expect(linesOf(args)).toEqual(lines);
  });

  it("refuses everything at once", () => {
    expect(linesOf({ ...least, port: 0, order: ["paris"], runAsUser: 0 })).toHaveLength(3);
    expect(linesOf(undefined)).toEqual(["args: must be an object of arguments, not undefined"]);
  });

  it("refuses a name that Kubernetes would", () => {
    const name = "must be 1 to 36 lower-case letters, digits and hyphens, a letter first and no hyphen last";
    for (const bad of ["Shop", "2shop", "shop-", "a".repeat(37)]) {
      expect(linesOf(least, bad)).toEqual([`name: ${name}, not "${bad}"`]);
    }
    expect(linesOf(least, "a".repeat(36))).toEqual([]);
  });

  it("follows a writer only where the application is", () => {
    const following = (changes: Loose) => ({
      ...least,
      follow: "writer",
      links: { db: topologyOf("rome") },
      ...changes,
    });
    expect(linesOf(following({}))).toEqual([]);
    expect(linesOf(following({ links: { db: topologyOf("bern", ["bern", "rome"]) } }))).toEqual([
      "regions: must have bern, where the writer is that is followed",
    ]);
    expect(linesOf(following({ lost: ["rome"] }))).toEqual([
      "lost: must not have rome, where the writer is that is followed",
    ]);
    expect(linesOf(following({ links: {} }))).toEqual([
      "follow: must not be given unless there is one link: there are 0",
    ]);
    const outside = { ...topologyOf("rome"), regions: topologyOf("bern", ["bern"]).regions };
    const readers = Object.fromEntries(
      Object.entries(outside.regions).map(([name, region]) => [name, { ...region, role: "reader" as const }]),
    );
    expect(linesOf(following({ links: { db: { ...outside, regions: readers } } }))).toEqual([
      "follow: must not be given while none of the database's regions writes",
    ]);
  });
});
