import { cp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectionStrings, parseLibpqUri, type ConnectionStringFamily } from "../../src";
import { libpqEnvironment } from "../../src/endpoints";
import { ClientProgram, clientPrograms, type Language } from "../support/client-program";
import { LocalTopology } from "../support/local";
import { signal } from "../support/processes";
import { ask } from "../support/region";
import { broughtSecrets, selfSigned } from "../support/secrets";

interface Client {
  readonly library: string;
  readonly language: Language;
  /** Which of `connectionStrings` it is given as DATABASE_URL. */
  readonly family: ConnectionStringFamily;
}

const clients: readonly Client[] = [
  { library: "psycopg", language: "python", family: "libpq" },
  { library: "psycopg2", language: "python", family: "libpq" },
  { library: "asyncpg", language: "python", family: "asyncpg" },
  { library: "sqlalchemy", language: "python", family: "sqlalchemy" },
  { library: "sqlalchemy-asyncpg", language: "python", family: "asyncpg" },
  { library: "django", language: "python", family: "libpq" },
  { library: "dj-database-url", language: "python", family: "singleHost" },
  { library: "node-postgres", language: "node", family: "libpq" },
  { library: "prisma-adapter", language: "node", family: "libpq" },
  { library: "postgres.js", language: "node", family: "postgresJs" },
  { library: "node-postgres, one host", language: "node", family: "singleHost" },
  { library: "sequelize", language: "node", family: "singleHost" },
  { library: "typeorm", language: "node", family: "singleHost" },
  { library: "pgx", language: "go", family: "pgx" },
  { library: "pgxpool", language: "go", family: "pgx" },
  { library: "lib/pq", language: "go", family: "singleHost" },
  { library: "jdbc", language: "java", family: "jdbc" },
  { library: "hikari", language: "java", family: "jdbc" },
  { library: "tokio-postgres", language: "rust", family: "tokioPostgres" },
  { library: "sqlx", language: "rust", family: "singleHost" },
];

const [multiHost, singleHost] = [true, false].map((wanted) =>
  clients.filter(({ family }) => (family !== "singleHost") === wanted),
) as [Client[], Client[]];

/** A library that has not found the writer by then never will, on a busy machine too. */
const seconds = 180;

describe("client libraries", () => {
  let topology: LocalTopology;
  let programs: Readonly<Record<Language, readonly string[]>>;
  let caFile: string;
  let otherCaFile: string;
  let atFirst: string;
  let nextRow = 1;
  const running = new Map<string, ClientProgram>();

  beforeAll(async () => {
    const secrets = await broughtSecrets(["rome", "lisbon", "dublin"]);
    const everySign = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    programs = await clientPrograms();
    topology = await LocalTopology.create({
      secrets: { ...secrets, passwords: { ...secrets.passwords, app: `a${everySign}Z9` } },
    });
    await topology.up();
    const outputs = await topology.outputs();
    atFirst = outputs.connectionUri;
    [caFile, otherCaFile] = ["ca.crt", "other-ca.crt"].map((name) => join(topology.stack.folder, name)) as [
      string,
      string,
    ];
    await writeFile(caFile, outputs.caCertificate);
    await writeFile(otherCaFile, (await selfSigned("another authority")).certificate);
    // As npm installs it: beside the node-postgres of the program.
    const installed = join(dirname(programs.node.at(-1)!), "node_modules/pulumi-multi-region-postgres");
    for (const name of ["package.json", "dist"]) {
      await cp(join(__dirname, "../..", name), join(installed, name), { recursive: true });
    }
    await ask(outputs, outputs.writerEndpoint, "CREATE TABLE written (id int PRIMARY KEY)", { role: "app" });
  }, 1_800_000);

  afterAll(async () => {
    await endAll();
    await topology?.dispose();
  });

  function start({ library, language, family }: Client, uri: string, authority = caFile): ClientProgram {
    const connection = { ...parseLibpqUri(uri), caFile: authority };
    const program = new ClientProgram(programs[language], library, {
      ...libpqEnvironment(connection),
      DATABASE_URL: connectionStrings(connection)[family],
      NODE_EXTRA_CA_CERTS: authority,
    });
    running.set(library, program);
    return program;
  }

  async function endAll(): Promise<void> {
    await Promise.all([...running.values()].map((program) => program.end()));
    running.clear();
  }

  /** Has each write until a row is acknowledged; gives how that went, by library. */
  async function untilWritten(which: readonly Client[]): Promise<Record<string, string>> {
    const each = which.map(async ({ library }) => {
      const begin = Date.now();
      let answer = "";
      while (answer !== "ok" && Date.now() - begin < seconds * 1000) {
        const silence = sleep(seconds * 1000, "no answer", { ref: false });
        answer = await Promise.race([running.get(library)!.write(nextRow++), silence]);
        await sleep(answer === "ok" ? 0 : 100);
      }
      process.stderr.write(`${library}: ${answer} after ${((Date.now() - begin) / 1000).toFixed(1)} s\n`);
      return [library, answer] as const;
    });
    return Object.fromEntries(await Promise.all(each));
  }

  const allWritten = (which: readonly Client[]) =>
    Object.fromEntries(which.map(({ library }) => [library, "ok"]));

  it("refuse a server of another authority", async () => {
    const answers = clients.map(async (client) => {
      // postgres.js tries again for ever.
      const silence = sleep(20_000, "no answer", { ref: false });
      return [client.library, await Promise.race([start(client, atFirst, otherCaFile).write(0), silence])];
    });
    const refusal = expect.stringMatching(/certificate|ssl|tls|PKIX|timed out|no answer/i) as string;
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(
      Object.fromEntries(clients.map(({ library }) => [library, refusal])),
    );
    await endAll();
    const outputs = await topology.outputs();
    expect(await ask(outputs, outputs.writerEndpoint, "SELECT * FROM written")).toEqual([]);
  });

  it("write with the connection string of their family, whatever is in the password", async () => {
    clients.forEach((client) => start(client, atFirst));
    expect(await untilWritten(clients)).toEqual(allWritten(clients));
  });

  it("find the writer where a switchover brought it", async () => {
    await topology.up({ primary: "lisbon" });
    const { connectionUri } = await topology.outputs();
    for (const client of singleHost) {
      await running.get(client.library)!.end();
      start(client, connectionUri);
    }
    expect(await untilWritten(clients)).toEqual(allWritten(clients));
  });

  it("find the writer behind a first region that is frozen", async () => {
    await endAll();
    const frozen = await topology.region("rome").processes();
    frozen.forEach((pid) => signal(pid, "SIGSTOP"));
    try {
      multiHost.forEach((client) => start(client, atFirst));
      expect(await untilWritten(multiHost)).toEqual(allWritten(multiHost));
    } finally {
      frozen.forEach((pid) => signal(pid, "SIGCONT"));
    }
  });
});
