import { changesWith, pairsOf, refusals } from "../support/changes";
import { ChangingTopology, told } from "../support/changing";

/**
 * Every two changes that the arguments allow, made in one update. One pair: `-t "move, rotate passwords"`; all pairs of
 * a change: `-t rejoin`. Where one fails, the next begins with another topology.
 */
describe("one update makes two changes:", () => {
  let topology: ChangingTopology | undefined;
  const changes = changesWith(() => topology!.port());

  afterEach(async () => {
    topology = await topology?.afterTest();
  });
  afterAll(() => topology?.dispose());

  test.each(pairsOf(changes))("$name", ({ name, pair }) =>
    told(async () => {
      topology ??= await ChangingTopology.create();
      await topology.arrange(pair);
      const refusal = refusals[name];
      if (refusal === undefined) {
        await topology.together(pair);
      } else {
        await topology.refused(pair, refusal);
        await topology.together(pair.slice(0, 1));
        await topology.together(pair.slice(1));
      }
      await topology.expectHealthy();
    }),
  );
});
