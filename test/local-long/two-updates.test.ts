import { cp } from "node:fs/promises";
import { join } from "node:path";
import { LocalTopology } from "../support/local";
import { writersOf } from "../support/region";
import { TestStack } from "../support/stack";

describe("two updates at once, from two copies of a state", () => {
  let topology: LocalTopology;
  let copy: TestStack;

  beforeAll(async () => {
    topology = await LocalTopology.create();
    await topology.up();
    copy = await TestStack.create();
    await cp(join(topology.stack.folder, "state"), join(copy.folder, "state"), { recursive: true });
  });
  afterAll(async () => {
    await topology.dispose();
    // The regions are gone by now: there is nothing left of this state to be destroyed.
    await copy.dispose();
  });

  test("that move the writer to two regions make one writer, and lose no acknowledged row", async () => {
    const report = await topology.underLoad(async () => {
      const results = await Promise.all([
        topology.tryUp({ primary: "lisbon" }),
        copy.tryUp({ db: { ...topology.args, primary: "dublin" } }),
      ]);
      // The later one is refused, unless the first was done before it changed anything.
      for (const { output } of results.filter(({ code }) => code !== 0)) {
        expect(output).toMatch(/another update of .* is running: topologies\/test\/db, process \d+/);
      }
      expect(results.some(({ code }) => code === 0)).toBe(true);
    });
    expect(report).toMatchObject({ lost: 0, unexpected: 0, secondWriterSamples: 0 });
    const writers = await writersOf(await topology.outputs());
    expect(writers).toHaveLength(1);
    await topology.up({ primary: writers[0]! });
    expect(await writersOf(await topology.outputs())).toEqual(writers);
  });

  test("that fail over to two regions make one writer", async () => {
    const [writer] = await writersOf(await topology.outputs());
    const [one, two] = ["rome", "lisbon", "dublin"].filter((region) => region !== writer);
    await cp(join(topology.stack.folder, "state"), join(copy.folder, "state"), { recursive: true });
    await topology.region(writer!).kill();
    const results = await Promise.all([
      topology.tryUp({ primary: one!, lost: [writer!] }),
      copy.tryUp({ db: { ...topology.args, primary: two!, lost: [writer!] } }),
    ]);
    expect(results.some(({ code }) => code === 0)).toBe(true);
    const writers = await writersOf(await topology.outputs());
    expect(writers).toHaveLength(1);
    await topology.up({ primary: writers[0]!, lost: [writer!] });
    await topology.up({ lost: [] });
  });
});
