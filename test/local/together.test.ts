import { changesWith } from "../support/changes";
import { ChangingTopology } from "../support/changing";

/** Changes that are each tested alone, made in one update: a sample of `test/local-long/pairs.test.ts`. */
describe("one update ends with one writer and loses nothing that", () => {
  let topology: ChangingTopology;
  const changes = changesWith(() => topology.port());

  beforeAll(async () => {
    topology = await ChangingTopology.create();
  });
  afterAll(() => topology.dispose());

  test.each([
    ["moves the writer and rotates the passwords", ["move", "rotate passwords"]],
    [
      "moves the writer, rotates the passwords and gives every region another port",
      ["move", "rotate passwords", "change the ports"],
    ],
    ["moves the writer and brings another authority", ["move", "change the CA"]],
    ["fails over and rotates the passwords", ["fail over", "rotate passwords"]],
  ])("%s", async (_, names) => {
    const chosen = changes.filter(({ name }) => names.includes(name));
    await topology.arrange(chosen);
    await topology.together(chosen);
    await topology.expectHealthy();
  });
});
