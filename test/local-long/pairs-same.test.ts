import {
  changesWith,
  hibernatedRegion,
  nextWriter,
  readersOf,
  withHibernated,
  without,
  type Change,
  type Declared,
} from "../support/changes";
import { ChangingTopology, told } from "../support/changing";

type Step = (now: Declared) => Declared;

const quorum: Step = (now) => ({ ...now, durability: "region" });
const failOver: Step = (now) => ({ ...now, primary: nextWriter(now), lost: [now.primary] });
const oneIsLost: Step = (now) => (now.lost.length === 0 ? failOver(now) : now);
const oneHibernates: Step = (now) =>
  hibernatedRegion(now) === undefined ? withHibernated(now, readersOf(now).at(-1)!, true) : now;

/** Two changes of one region: the change that `arrange` knows by name, what is needed before, and what is declared next. */
const pairs: [title: string, kind: string, needs: Step[], next: Step][] = [
  [
    "resume a region, and move the writer to it",
    "resume",
    [oneHibernates],
    (now) => ({ ...withHibernated(now, hibernatedRegion(now)!, false), primary: hibernatedRegion(now)! }),
  ],
  [
    "resume a region, and remove it",
    "resume",
    [oneHibernates],
    (now) => without(now, hibernatedRegion(now)!),
  ],
  [
    "move the writer, and hibernate the old one",
    "move",
    [],
    (now) => withHibernated({ ...now, primary: nextWriter(now) }, now.primary, true),
  ],
  [
    "move the writer, and remove the old one",
    "move",
    [],
    (now) => without({ ...now, primary: nextWriter(now) }, now.primary),
  ],
  [
    "fail over, and hibernate the lost region",
    "fail over",
    [quorum],
    (now) => withHibernated(failOver(now), now.primary, true),
  ],
  [
    "fail over, and remove the lost region",
    "fail over",
    [quorum],
    (now) => without(failOver(now), now.primary),
  ],
  [
    "rejoin a region, and move the writer to it",
    "rejoin",
    [quorum, oneIsLost],
    (now) => ({ ...now, lost: [], primary: now.lost[0]! }),
  ],
  [
    "rejoin a region, and hibernate it",
    "rejoin",
    [quorum, oneIsLost],
    (now) => withHibernated({ ...now, lost: [] }, now.lost[0]!, true),
  ],
  [
    "rejoin a region, and remove it",
    "rejoin",
    [quorum, oneIsLost],
    (now) => without({ ...now, lost: [] }, now.lost[0]!),
  ],
];

const refusals: Readonly<Record<string, RegExp>> = {
  "resume a region, and move the writer to it": /Nothing was demoted/,
  "rejoin a region, and move the writer to it": /Nothing was demoted/,
  "move the writer, and remove the old one":
    /Move the writer first, and remove the region in the next update/,
  "fail over, and remove the lost region": /lost\[0\]: must be one of/,
};

/** Both changes aim at one region. They work together, or are refused before anything is changed. */
describe("one update makes two changes of one region:", () => {
  let topology: ChangingTopology | undefined;

  afterEach(async () => {
    topology = await topology?.afterTest();
  });
  afterAll(() => topology?.dispose());

  test.each(pairs)("%s", (title, name, needs, next) =>
    told(async () => {
      topology ??= await ChangingTopology.create();
      const add = changesWith(topology.port).find((change) => change.name === "add a region")!;
      const enough: Step = (now) => (readersOf(now).length < 3 ? add.apply(now, now) : now);
      const change: Change = { name, needs: [enough, ...needs], apply: next };
      await topology.arrange([change]);
      const refusal = refusals[title];
      if (refusal === undefined) {
        await topology.together([change]);
        await topology.expectHealthy();
      } else {
        await topology.refused([change], refusal);
      }
    }),
  );
});
