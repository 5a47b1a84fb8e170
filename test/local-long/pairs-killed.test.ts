import { createHash, randomInt } from "node:crypto";
import { changesWith, pairsOf, refusals } from "../support/changes";
import { ChangingTopology, told } from "../support/changing";

const seed = process.env["PAIRS_SEED"] ?? String(randomInt(1_000_000));

/**
 * Each change together with one that is drawn, in an update that is killed at a moment that is drawn. The drawing is
 * repeated by PAIRS_SEED, the moment as far as the machine is as fast again.
 */
describe(`the next update finishes one that was killed (PAIRS_SEED=${seed}):`, () => {
  let topology: ChangingTopology | undefined;
  const changes = changesWith(() => topology!.port());
  const pairs = pairsOf(changes).filter(({ name }) => refusals[name] === undefined);
  const drawnPairs = changes.map((change) => {
    const candidates = pairs.filter(({ pair }) => pair.includes(change));
    return candidates[drawn(change.name, candidates.length)]!;
  });

  afterEach(async () => {
    topology = await topology?.afterTest();
  });
  afterAll(() => topology?.dispose());

  test.each([...new Set(drawnPairs)])("$name", ({ name, pair }) =>
    told(async () => {
      topology ??= await ChangingTopology.create();
      await topology.arrange(pair);
      await topology.killed(pair, 1000 + drawn(`moment of ${name}`, 11_000));
      await topology.expectHealthy();
    }),
  );
});

function drawn(what: string, below: number): number {
  return createHash("sha256").update(`${seed} ${what}`).digest().readUInt32BE() % below;
}
