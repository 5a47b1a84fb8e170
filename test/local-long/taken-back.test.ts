import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalPostgresArgs } from "../../src/local";
import { eventually } from "../support/eventually";
import { LocalTopology } from "../support/local";
import { freePorts } from "../support/ports";
import { ask, connectTo, writersOf } from "../support/region";

const regions = ["rome", "lisbon", "dublin"];

/** The state knows nothing of what such an update did: the next one, with the program of before, has to. */
describe("an update that is taken back after it changed servers", () => {
  let topology: LocalTopology;
  let declared: LocalTopology["args"];

  beforeAll(async () => {
    topology = await LocalTopology.create({ parameters: { work_mem: "4MB" } });
    declared = topology.args;
    await topology.up();
  });
  afterEach(async () => {
    await topology.up();
  });
  afterAll(() => topology.dispose());

  function configurationOf(region: string): Promise<string> {
    return readFile(join(topology.region(region).files.data, "postgresql.conf"), "utf8");
  }

  /** Kills an update once a region runs with a port or parameters that it changes, and before the state has them. */
  async function killed(
    changes: Partial<LocalPostgresArgs>,
    region: string,
    unrecorded: () => Promise<unknown>,
  ): Promise<void> {
    const before = await configurationOf(region);
    const isChanged = eventually(async () => expect(await configurationOf(region)).not.toBe(before), 120);
    await topology.stack.killUp({ db: { ...declared, ...changes } }, isChanged, () =>
      eventually(unrecorded, 60),
    );
  }

  async function withNewPort(region: string): Promise<LocalPostgresArgs["regions"]> {
    const [port] = await freePorts(1);
    return { ...declared.regions, [region]: { port: port! } };
  }

  async function settingsOf(region: string, port?: number): Promise<object> {
    const outputs = await topology.outputs();
    const { endpoint } = outputs.regions[region]!;
    const [row] = await ask<object>(
      outputs,
      { ...endpoint, port: port ?? endpoint.port },
      `SELECT current_setting('work_mem') AS memory, current_setting('max_connections') AS connections,
        current_setting('synchronous_standby_names') AS quorum`,
    );
    return row!;
  }

  /** The roles of that name that can log in. */
  async function loginRoles(name: string): Promise<object[]> {
    const outputs = await topology.outputs();
    const sql = `SELECT rolname FROM pg_roles WHERE rolname = '${name}' AND rolcanlogin`;
    return ask(outputs, outputs.writerEndpoint, sql);
  }

  async function expectDeclared(): Promise<void> {
    for (const region of regions) {
      expect({ region, ...(await settingsOf(region)) }).toEqual({
        region,
        memory: "4MB",
        connections: "100",
        quorum: "",
      });
      const upstream = await readFile(join(topology.region(region).files.data, "upstream.conf"), "utf8");
      expect({ region, seldom: region === "rome" || upstream.includes("retry_interval = '5s'") }).toEqual({
        region,
        seldom: true,
      });
    }
    expect(await writersOf(await topology.outputs())).toEqual(["rome"]);
    expect(await topology.up()).not.toMatch(/\d+ updated/);
  }

  test("leaves a reader with the port and the parameters that are declared", async () => {
    const changed = await withNewPort("lisbon");
    await killed({ regions: changed, parameters: { work_mem: "5MB" } }, "lisbon", async () =>
      expect(await settingsOf("lisbon", changed["lisbon"]!.port)).toMatchObject({ memory: "5MB" }),
    );
    await topology.up();
    await expectDeclared();
  });

  test("leaves the writer with the port, quorum, roles and passwords that are declared", async () => {
    const changed = await withNewPort("rome");
    const [port, password] = [changed["rome"]!.port, "another password"];
    const { secrets } = declared;
    const outputs = await topology.outputs();
    const login = (user: string) =>
      connectTo(outputs, { host: "localhost", port }, { user, password, database: "app" });
    await killed(
      {
        ...{ regions: changed, durability: "region", roles: { report: { password } } },
        secrets: { ...secrets, passwords: { ...secrets?.passwords, app: password } },
      },
      "rome",
      async () => {
        await (await login("app")).end();
        await (await login("report")).end();
      },
    );
    await topology.up();
    await expectDeclared();
    const [app] = await ask<object>(outputs, outputs.writerEndpoint, "SELECT current_user AS name", {
      role: "app",
    });
    expect(app).toEqual({ name: "app" });
    expect(await loginRoles("report")).toEqual([]);
  });

  test("leaves no role that it made, where the next update moves the writer", async () => {
    const password = "its password";
    const outputs = await topology.outputs();
    const { serverUpdate } = topology.region("rome").files;
    const before = await readFile(serverUpdate, "utf8");
    await topology.stack.killUp(
      { db: { ...declared, roles: { visitor: { password } } } },
      eventually(async () => expect(await readFile(serverUpdate, "utf8")).not.toBe(before), 120),
      () => eventually(async () => expect(await loginRoles("visitor")).toHaveLength(1), 60),
    );
    await topology.up({ primary: "lisbon" });
    expect(await writersOf(outputs)).toEqual(["lisbon"]);
    expect(await loginRoles("visitor")).toEqual([]);
    await topology.up({ primary: "rome" });
  });

  test("leaves no configuration of a step that failed", async () => {
    const { code, output } = await topology.tryUp({
      parameters: { work_mem: "6MB" },
      roles: { report: { memberOf: ["pg_raed"], password: "its password" } },
    });
    expect(code).not.toBe(0);
    expect(output).toContain('role "pg_raed" does not exist');
    expect(await settingsOf("rome")).toMatchObject({ memory: "6MB" });
    await topology.up();
    await expectDeclared();
  });

  test("leaves a reader as declared that had followed the next writer", async () => {
    await killed(
      { primary: "lisbon", parameters: { work_mem: "7MB", max_connections: 90 } },
      "dublin",
      async () => expect(await settingsOf("dublin")).toMatchObject({ memory: "7MB", connections: "90" }),
    );
    await topology.up();
    await expectDeclared();
  });

  test("leaves no reader that tries ten times a second to reach a writer that is down", async () => {
    await topology.stack.killUp(
      { db: { ...declared, primary: "lisbon" } },
      "LocalHandover db-handover updated",
    );
    await topology.up();
    await expectDeclared();
  });
});
