// Nothing here runs: `tsc` is the test. A line that should be refused and is not fails it.
import { Config } from "@pulumi/pulumi";
import { AuroraPostgres } from "../../src/aurora";
import { CnpgPostgres } from "../../src/cnpg";
import { LocalPostgres, type LocalPostgresArgs } from "../../src/local";
import type { Topology } from "../../src/topology";

const config = new Config();
const regions = { rome: { port: 5501 }, lisbon: { port: 5502 } };

// Names that the program spells out are known to the compiler.
const db = new LocalPostgres("db", { primary: "rome", regions });
export const { role } = db.regions.lisbon;
export const reading = db.readOnlyUris.lisbon;
// @ts-expect-error there is no such region
export const { endpoint } = db.regions.roma;
// @ts-expect-error there is no such region
export const uri = db.readOnlyUris.roma;
// @ts-expect-error the primary is a region
new LocalPostgres("db", { primary: "roma", regions });
// @ts-expect-error what is lost is a region
new LocalPostgres("db", { primary: "rome", lost: ["roma"], regions });
new LocalPostgres("db", { primary: "rome", lost: ["lisbon"], regions });

// Names that come from the stack's configuration are checked when the program runs; those of regions stay known.
const lost = config.getObject<string[]>("lost") ?? [];
const configured = new LocalPostgres("db", { primary: config.get("primary") ?? "rome", lost, regions });
export const port = configured.regions.rome.endpoint;
// @ts-expect-error there is no such region
export const missing = configured.regions.roma;
new LocalPostgres("db", { primary: config.require("primary"), regions });
new LocalPostgres("db", { primary: config.require("primary"), lost: ["rome"], regions });
new LocalPostgres("db", { primary: "rome", lost, regions });
// @ts-expect-error a region's arguments are checked all the same
new LocalPostgres("db", { primary: config.require("primary"), regions: { rome: { prot: 5501 } } });

// Regions that are themselves made when the program runs.
const many = Object.fromEntries(["rome", "lisbon"].map((name, index) => [name, { port: 5501 + index }]));
export const some = new LocalPostgres("db", { primary: "rome", regions: many }).regions["rome"];
declare const given: LocalPostgresArgs;
new LocalPostgres("db", given);

// What takes any topology takes one whose names are known.
export const any: Topology = db;
export const typed: LocalPostgres<"rome" | "lisbon"> = db;
// @ts-expect-error it has other regions
export const other: LocalPostgres<"paris"> = db;

// The same on every engine.
const kubeconfig = config.requireSecret("kubeconfig");
const clusters = { rome: { kubeconfig, host: "rome.example.com" } };
export const { rome } = new CnpgPostgres("db", { primary: "rome", regions: clusters }).regions;
// @ts-expect-error the primary is a region
new CnpgPostgres("db", { primary: "roma", regions: clusters });
declare const network: ConstructorParameters<typeof AuroraPostgres>[1]["regions"][string]["network"];
const aurora = new AuroraPostgres("db", { primary: "us-east-1", regions: { "us-east-1": { network } } });
export const secretArn = aurora.secretArns["us-east-1"];
// @ts-expect-error the primary is a region
new AuroraPostgres("db", { primary: "us-east-2", regions: { "us-east-1": { network } } });
