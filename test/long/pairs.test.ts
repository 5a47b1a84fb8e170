import { Client } from "pg";
import { told } from "../support/changing";
import { CnpgTopology, regionArgs } from "../support/cnpg";
import { eventually } from "../support/eventually";
import { LightLoad } from "../support/light-load";
import { kubeconfigs } from "../support/regions";
import type { CnpgWithAppArgs } from "../support/stack";

const names = Object.keys(kubeconfigs).slice(0, 3);
const port = 31_177;

type Args = CnpgWithAppArgs;
type Step = (now: Args) => Partial<Args>;

/** The readers that are active, in the order of the tests' regions. */
const readersOf = ({ regions, primary, lost = [] }: Args): string[] =>
  names.filter((name) => regions[name] !== undefined && name !== primary && !lost.includes(name));

const passwords = (version: number) => ({
  ...{ postgres: `postgres ${version}`, app: `app ${version}`, streaming_replica: `reader ${version}` },
});
const versionOf = ({ secrets }: Args): number => Number(String(secrets!.passwords!["app"]).split(" ")[1]);

const move: Step = (now) => ({ primary: readersOf(now)[0]! });
const failOver: Step = (now) => ({ primary: readersOf(now)[0]!, lost: [now.primary] });
const rejoin: Step = () => ({ lost: [] });
const rotatePasswords: Step = (now) => ({
  secrets: { ...now.secrets, passwords: passwords(versionOf(now) + 1) },
});
const rotateCertificates: Step = (now) => ({
  secrets: { ...now.secrets, certificateRotation: `${now.secrets?.certificateRotation ?? ""}+` },
});
const removeRegion: Step = (now) => {
  const last = readersOf(now).at(-1)!;
  return { regions: Object.fromEntries(Object.entries(now.regions).filter(([name]) => name !== last)) };
};
const addRegion: Step = ({ regions }) => {
  const name = names.find((candidate) => regions[candidate] === undefined)!;
  return { regions: { ...regions, [name]: regionArgs(name, port) } };
};
const restart: Step = ({ parameters }) => ({
  parameters: { ...parameters, max_connections: parameters!["max_connections"] === 100 ? 90 : 100 },
});
const changeRoles: Step = ({ roles }) => ({
  roles: roles?.["report"] === undefined ? { report: { memberOf: ["pg_read_all_data"] } } : {},
});
const changeDurability: Step = ({ durability }) => ({
  durability: durability === "region" ? "local" : "region",
});

const allRegions: Step = () => ({
  regions: Object.fromEntries(names.map((name) => [name, regionArgs(name, port)])),
});
// With "local" a failover may lose what no reader had received.
const quorum: Step = () => ({ durability: "region" });

/** What each pair needs before, an update for each step, and the two changes that one update makes then. */
const pairs: [name: string, needs: Step[], first: Step, second: Step][] = [
  ["move, rotate passwords", [], move, rotatePasswords],
  ["move, rotate certificates", [], move, rotateCertificates],
  ["move, set a parameter that restarts", [], move, restart],
  ["move, change the roles", [], move, changeRoles],
  ["move, change the durability", [], move, changeDurability],
  ["move, remove a region", [], move, removeRegion],
  ["move, add a region", [removeRegion], move, addRegion],
  ["fail over, rotate passwords", [quorum], failOver, rotatePasswords],
  ["rejoin, move", [quorum, failOver], rejoin, move],
  ["fail over, set a parameter that restarts", [quorum], failOver, restart],
  ["rejoin, rotate passwords", [quorum, failOver], rejoin, rotatePasswords],
];

/** What is refused before anything is changed, and why. */
const refusals: Readonly<Record<string, RegExp>> = {
  "rejoin, move": /leave \w+ in lost now, and take it out in the next update/,
};

describe("one update of a topology of Kubernetes regions makes two changes:", () => {
  let topology: CnpgTopology;

  beforeAll(async () => {
    topology = await CnpgTopology.create({
      primary: names[0]!,
      regions: allRegions({} as Args).regions!,
      parameters: { wal_keep_size: "128MB", max_connections: 100 },
      secrets: { passwords: passwords(1) },
    });
    await topology.up();
  });
  afterAll(() => topology.dispose());

  test.each(pairs)("%s", (name, needs, first, second) =>
    told(async () => {
      for (const step of [rejoin, allRegions, ...needs]) {
        await arrange(step(topology.args));
      }
      const before = topology.args;
      const next = { ...before, ...first(before), ...second(before) };
      const access = await accessOf(before, next);
      const load = await LightLoad.start(access);
      const refusal = refusals[name];
      if (refusal !== undefined) {
        const { code, output } = await topology.tryUp(next);
        expect(code).not.toBe(0);
        expect(output).toMatch(refusal);
      }
      await topology.up(refusal === undefined ? next : before).catch(async (error: unknown) => {
        await load.stop(access).catch(() => undefined);
        topology.args = before;
        throw error;
      });
      const { acknowledged, lost } = await load.stop(access);
      expect(lost).toBe(0);
      expect(acknowledged).toBeGreaterThan(0);
      await expectHealthy();
    }),
  );

  /** Updates, unless that is declared already. */
  async function arrange(changes: Partial<Args>): Promise<void> {
    const next = { ...topology.args, ...changes };
    if (JSON.stringify(next) !== JSON.stringify(topology.args)) {
      await topology.up(changes);
    }
  }

  /** How a client gets in before the update, and after it. */
  async function accessOf(before: Args, next: Args) {
    const { caCertificate } = await topology.outputs();
    return {
      endpoints: names.map((name) => ({ host: `${name}.example.com`, port })),
      passwords: [...new Set([before, next].map((args) => `app ${versionOf(args)}`))],
      authorities: [caCertificate],
    };
  }

  /** One writer, every reader streams from it, everything declared holds, and there is nothing left to do. */
  async function expectHealthy(): Promise<void> {
    const { primary, parameters, roles } = topology.args;
    const declared = String(parameters!["max_connections"]);
    const readers = readersOf(topology.args);
    const recovers = await Promise.all(
      [primary, ...readers].map((name) => topology.psql(name, "SELECT pg_is_in_recovery()")),
    );
    expect(recovers).toEqual(["f", ...readers.map(() => "t")]);
    await eventually(async () => {
      const streaming =
        "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming' ORDER BY 1";
      const followers = (await topology.psql(primary, streaming)).split("\n");
      expect(followers).toEqual(readers.map((name) => `db-${name}`).sort());
      expect(await topology.psql(primary, "SHOW max_connections")).toBe(declared);
      expect(await topology.psql(primary, "SELECT count(*) FROM pg_roles WHERE rolname = 'report'")).toBe(
        roles?.["report"] === undefined ? "0" : "1",
      );
    }, 180);
    await expectLogins();
    // A value that the writer lowered is lowered in readers that have replayed it.
    await topology.up();
    await eventually(async () => {
      for (const name of readers) {
        expect(await topology.psql(name, "SHOW max_connections")).toBe(declared);
      }
    }, 180);
    expect(await topology.up()).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
  }

  /** The new password is taken everywhere. */
  async function expectLogins(): Promise<void> {
    const { caCertificate, credentials } = await topology.outputs();
    expect(credentials["app"]!.password).toBe(`app ${versionOf(topology.args)}`);
    for (const name of [topology.args.primary, ...readersOf(topology.args)]) {
      await eventually(async () => {
        const client = new Client({
          ...{ host: `${name}.example.com`, port, user: "app", database: "app" },
          password: credentials["app"]!.password,
          ssl: { ca: caCertificate },
          connectionTimeoutMillis: 5000,
        });
        await client.connect();
        await client.end();
      }, 60);
    }
  }
});
