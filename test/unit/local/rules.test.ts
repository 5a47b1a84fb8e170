import { output } from "@pulumi/pulumi";
import type { LocalPostgresArgs } from "../../../src/local/args";
import { localFailures } from "../../../src/local/rules";

// Bad input is what the types do not let pass.
type Loose = Record<string, unknown> & { regions: Record<string, unknown> };

function validArgs(): Loose {
  return {
    primary: "rome",
    regions: {
      rome: { port: 5501 },
      lisbon: { port: 5502, host: "127.0.0.1", hibernated: false },
      dublin: { port: 5503, host: "::1", hibernated: true },
    },
    binDir: "/usr/lib/postgresql/17/bin",
    dataDir: "/srv/data",
    keepData: true,
  };
}

function linesOf(args: unknown): string[] {
  return localFailures(args as LocalPostgresArgs).map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}

const lisbon = (given: unknown) => (args: Loose) => (args.regions["lisbon"] = given);
const port = "regions.lisbon.port: must be a whole number from 1024 to 65535, not";
const host = "regions.lisbon.host: must be a host name or an IP address of this machine, not";

const faults: [string, (args: Loose) => unknown, ...string[]][] = [
  ["no port", lisbon({}), "regions.lisbon.port: must be given: a port from 1024 to 65535"],
  ["a port that is a text", lisbon({ port: "5502" }), `${port} "5502"`],
  ["a port of the system's", lisbon({ port: 1023 }), `${port} 1023`],
  ["a port that there is not", lisbon({ port: 65_536 }), `${port} 65536`],
  ["a port between two", lisbon({ port: 5502.5 }), `${port} 5502.5`],
  ["a port that is null", lisbon({ port: null }), `${port} null`],
  [
    "a port that is not known yet",
    lisbon({ port: output(5502) }),
    "regions.lisbon.port: must be known before the deployment, not an output",
  ],
  ["an empty host", lisbon({ port: 5502, host: "" }), `${host} ""`],
  ["a host with a space", lisbon({ port: 5502, host: "my host" }), `${host} "my host"`],
  ["a host that is a URL", lisbon({ port: 5502, host: "tcp://rome" }), `${host} "tcp://rome"`],
  ["a host that ends a setting", lisbon({ port: 5502, host: "a'" }), `${host} "a'"`],
  ["several hosts", lisbon({ port: 5502, host: "a,b" }), `${host} "a,b"`],
  ["every host", lisbon({ port: 5502, host: "*" }), `${host} "*"`],
  ["a host that is a number", lisbon({ port: 5502, host: 127 }), `${host} 127`],
  [
    "hibernated that is a text",
    lisbon({ port: 5502, hibernated: "yes" }),
    'regions.lisbon.hibernated: must be true or false, not "yes"',
  ],
  [
    "a misspelt property of a region",
    lisbon({ port: 5502, prot: 1 }),
    'regions.lisbon.prot: unknown property, did you mean "port"?',
  ],
  ["a region that is a number", lisbon(5502), "regions.lisbon: must be an object of properties, not 5502"],
  [
    "a port of another region's",
    lisbon({ port: 5501 }),
    "regions.lisbon.port: must differ from every other region's, and 5501 is the port of rome",
  ],
  [
    "a port and host of another region's",
    lisbon({ port: 5503, host: "::1" }),
    "regions.dublin.port: must differ from every other region's, and 5503 is the port of lisbon",
  ],
  [
    "a port that another region has under the other name of the host",
    lisbon({ port: 5501, host: "::1" }),
    "regions.lisbon.port: must differ from every other region's, and 5501 is the port of rome",
  ],
  [
    "a relative folder of programs",
    (args) => (args["binDir"] = "bin"),
    'binDir: must be an absolute path, not "bin"',
  ],
  [
    "a folder of data at home",
    (args) => (args["dataDir"] = "~/db"),
    'dataDir: must be an absolute path, not "~/db"',
  ],
  [
    "a folder of data that is empty",
    (args) => (args["dataDir"] = ""),
    'dataDir: must be an absolute path, not ""',
  ],
  [
    "a folder of data with a NUL",
    (args) => (args["dataDir"] = "/a\0b"),
    'dataDir: must be an absolute path, not "/a\\u0000b"',
  ],
  [
    "a folder of data that is not known yet",
    (args) => (args["dataDir"] = output("/srv")),
    "dataDir: must be known before the deployment, not an output",
  ],
  ["keepData that is a number", (args) => (args["keepData"] = 1), "keepData: must be true or false, not 1"],
  [
    "a misspelt property",
    (args) => (args["dataDri"] = "/srv"),
    'dataDri: unknown property, did you mean "dataDir"?',
  ],
  [
    "a hibernated primary",
    (args) => (args["primary"] = "dublin"),
    'primary: must be one of rome, lisbon, not "dublin", which is hibernated',
  ],
  [
    "durability that nobody can give",
    (args) => {
      args["durability"] = "region";
      args["lost"] = ["lisbon"];
    },
    'durability: "region" needs a reader that is neither lost nor hibernated: add a region or set durability to "local"',
  ],
];

describe("LocalPostgres", () => {
  it("takes valid arguments", () => {
    expect(linesOf(validArgs())).toEqual([]);
    expect(linesOf({ primary: "rome", regions: { rome: { port: 1024 }, lisbon: { port: 65_535 } } })).toEqual(
      [],
    );
  });

  it("takes one port at two addresses", () => {
    const args = validArgs();
    lisbon({ port: 5503, host: "127.0.0.1" })(args);
    expect(linesOf(args)).toEqual([]);
  });

  it.each(["localhost", "db.example.com", "10.0.0.1", "::1", "fe80::1", "db-1", "X"])(
    "takes the host %s",
    (host) => {
      const args = validArgs();
      lisbon({ port: 5599, host })(args);
      expect(linesOf(args)).toEqual([]);
    },
  );

  it.each(faults)("refuses %s", (_title, spoil, ...lines) => {
    const args = validArgs();
    spoil(args);
    expect(linesOf(args)).toEqual(lines);
  });

  it("refuses everything at once", () => {
    const args = { ...validArgs(), binDir: "bin", dataDir: "data", primary: "bern", durability: "none" };
    args.regions["lisbon"] = { port: 80, host: "a b" };
    expect(linesOf(args)).toEqual([
      'primary: must be one of rome, lisbon, not "bern"',
      `${port} 80`.replace("5502", "80"),
      `${host} "a b"`,
      'durability: must be one of local, region, not "none"',
      'binDir: must be an absolute path, not "bin"',
      'dataDir: must be an absolute path, not "data"',
    ]);
  });

  it("refuses what is no arguments at all", () => {
    expect(linesOf(undefined)).toEqual(["args: must be an object of arguments, not undefined"]);
    expect(linesOf([])).toEqual(["args: must be an object of arguments, not a list"]);
  });

  // It would be taken for a name, and nobody would find it: the port has a property of its own.
  it("refuses a host with a port", () => {
    const args = validArgs();
    lisbon({ port: 5502, host: "localhost:5502" })(args);
    expect(linesOf(args)).toEqual([`${host} "localhost:5502"`]);
  });
});
