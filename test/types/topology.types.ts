// Nothing here runs: `tsc` is the test. A line that should be refused and is not fails it.
import { output, secret, type Input, type Output } from "@pulumi/pulumi";
import type {
  Credential,
  Durability,
  HandoverReport,
  ParameterValue,
  Role,
  Topology,
  TopologyArgs,
} from "../../src/topology";
import type { Endpoint } from "../../src/endpoints";

interface PortArgs {
  port: number;
}

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

declare function args(given: TopologyArgs<PortArgs>): void;
declare function holds<Claim extends true>(): Claim;

const least = { primary: "rome", regions: { rome: { port: 5432 } } };

// What decides the shape of the graph is plain.
args(least);
// @ts-expect-error a topology has a primary
args({ regions: least.regions });
// @ts-expect-error a topology has regions
args({ primary: "rome" });
// @ts-expect-error the primary decides what is created
args({ ...least, primary: output("rome") });
// @ts-expect-error the primary decides what is created
args({ ...least, primary: Promise.resolve("rome") });
// @ts-expect-error regions decide what is created
args({ ...least, regions: output(least.regions) });
// @ts-expect-error a region is what the engine says it is
args({ ...least, regions: { rome: { port: "5432" } } });
// @ts-expect-error regions are a map, so that removing one renumbers no other
args({ ...least, regions: [{ port: 5432 }] });
args({ ...least, lost: ["rome"] });
// @ts-expect-error lost regions are a list
args({ ...least, lost: "rome" });
// @ts-expect-error lost regions decide what is created
args({ ...least, lost: [output("rome")] });
// @ts-expect-error a misspelt property
args({ ...least, primry: "rome" });

args({ ...least, durability: "region" });
// @ts-expect-error there is no such durability
args({ ...least, durability: "global" });
// @ts-expect-error durability is plain
args({ ...least, durability: output<Durability>("local") });

args({ ...least, database: { name: "shop", owner: "keeper" } });
// @ts-expect-error the database's name is plain
args({ ...least, database: { name: output("shop") } });
// @ts-expect-error a database has no encoding of its own
args({ ...least, database: { encoding: "UTF8" } });

// What is only a value may be known later.
args({ ...least, roles: { clerk: { password: secret("x") }, guest: { password: Promise.resolve("x") } } });
args({
  ...least,
  roles: { clerk: { memberOf: ["pg_read_all_data"], createDatabases: true, connectionLimit: 1 } },
});
// @ts-expect-error membership is plain
args({ ...least, roles: { clerk: { memberOf: output(["pg_read_all_data"]) } } });
// @ts-expect-error roles are a map, by name
args({ ...least, roles: ["clerk"] });
args({ ...least, parameters: { work_mem: "8MB", jit: false, geqo: output(true), geqo_seed: 1 } });
// @ts-expect-error a parameter is a text, a number or a boolean
args({ ...least, parameters: { search_path: ["a", "b"] } });
args({ ...least, secrets: { passwords: { postgres: secret("x") }, caValidityDays: 365 } });
// @ts-expect-error validity decides when certificates are renewed
args({ ...least, secrets: { caValidityDays: output(365) } });
// @ts-expect-error a certificate and its key go together
args({ ...least, secrets: { ca: { certificate: "x" } } });

// With `exactOptionalPropertyTypes` absent is absent.
// @ts-expect-error undefined is not a durability
args({ ...least, durability: undefined });

holds<Same<NonNullable<TopologyArgs<PortArgs>["parameters"]>, Record<string, Input<ParameterValue>>>>();
holds<Same<Role, "writer" | "reader">>();

// What comes out: the shape is plain, the values are outputs.
declare const topology: Topology;
holds<Same<typeof topology.writerEndpoint, Output<Endpoint>>>();
holds<Same<typeof topology.connectionUri, Output<string>>>();
holds<Same<typeof topology.credentials, Output<Readonly<Record<string, Credential>>>>>();
holds<Same<typeof topology.handover, Output<HandoverReport>>>();
const region = topology.regions["rome"];
// @ts-expect-error there may be no such region
export const unchecked: Role = region.role;
export const role: Role | undefined = region?.role;
// @ts-expect-error a topology is read, not written
topology.regions = {};
// @ts-expect-error a region's role is changed by a handover alone
if (region !== undefined) region.role = "reader";

declare const report: HandoverReport;
holds<Same<typeof report.kind, "founding" | "switchover" | "failover" | "following" | "promotion">>();
// @ts-expect-error the first writer had no one before it
export const from: string = report.from;
