import { changesWith, type Change } from "../support/changes";
import { ChangingTopology } from "../support/changing";

/**
 * Every two changes that the arguments allow, made in one update. One pair: `-t "move, rotate passwords"`; all pairs of
 * a change: `-t "rejoin"`.
 */
describe("one update makes two changes:", () => {
  let topology: ChangingTopology;
  const changes = changesWith(() => topology.port());

  beforeAll(async () => {
    topology = await ChangingTopology.create();
  });
  afterAll(() => topology.dispose());

  test.each(pairsOf(changes))("$name", async ({ pair }) => {
    await topology.arrange(pair);
    expect(await topology.together(pair)).toBeUndefined();
    await topology.expectHealthy();
  });
});

function pairsOf(changes: readonly Change[]): { name: string; pair: readonly Change[] }[] {
  return changes
    .flatMap((first, index) => changes.slice(index + 1).map((second) => [first, second]))
    .map((pair) => ({ name: pair.map(({ name }) => name).join(", "), pair }))
    // A failover is a move already.
    .filter(({ name }) => name !== "move, fail over");
}
