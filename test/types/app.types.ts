// Nothing here runs: `tsc` is the test. A line that should be refused and is not fails it.
import { output, secret } from "@pulumi/pulumi";
import type { RegionalApp, RegionalAppArgs } from "../../src/app";
import type { AuroraPostgres } from "../../src/aurora";
import type { CnpgPostgres } from "../../src/cnpg";
import type { LocalPostgres } from "../../src/local";

declare function args(given: RegionalAppArgs): void;
declare const cnpg: CnpgPostgres;
declare const local: LocalPostgres;
declare const aurora: AuroraPostgres;
declare const app: RegionalApp;

const least = { regions: { rome: { kubeconfig: "rome" } }, image: "shop:1", port: 8080 };

args(least);
args({ ...least, regions: { rome: { kubeconfig: secret("rome"), context: output("admin") } } });
args({ ...least, image: output("shop:1"), env: { LEVEL: output("info") }, secrets: { KEY: secret("a") } });
// @ts-expect-error a region is reached by a kubeconfig
args({ ...least, regions: { rome: {} } });
// @ts-expect-error what decides the shape of the graph is plain
args({ ...least, regions: output(least.regions) });
// @ts-expect-error the port is plain: rules look at it
args({ ...least, port: output(8080) });
// @ts-expect-error whether a region runs is plain
args({ ...least, regions: { rome: { kubeconfig: "rome", stopped: output(true) } } });
// @ts-expect-error an application has an image
args({ regions: least.regions, port: 8080 });

// A database of any engine, alone or with names.
args({ ...least, links: { cnpg, local, aurora } });
args({ ...least, links: { db: { to: cnpg, hosts: "writer", prefix: "DB_", env: { PGHOST: "DB_HOST" } } } });
// @ts-expect-error a link is to a topology
args({ ...least, links: { db: "postgresql://rome/app" } });
// @ts-expect-error there is no such variable
args({ ...least, links: { db: { to: cnpg, env: { PGHOTS: "DB_HOST" } } } });
// @ts-expect-error nobody connects to readers alone
args({ ...least, links: { db: { to: cnpg, hosts: "reader" } } });

args({ ...least, follow: "writer", order: ["rome"], putBack: true, lost: [] });
// @ts-expect-error it follows the writer or nobody
args({ ...least, follow: "reader" });
// @ts-expect-error a command is a program and its arguments
args({ ...least, migration: { command: "./migrate" } });

app.regions["rome"]?.image.apply((image: string) => image);
const running: boolean | undefined = app.regions["rome"]?.running;
void running;
