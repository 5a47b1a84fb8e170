import { exampleStack } from "../support/example";
import { startMoto, type Moto } from "../support/moto";
import type { ProgramStack } from "../support/program-stack";

const unchanged = /Resources:\n\s+\d+ unchanged\n/;

/** The examples in another fake of AWS. */
describe.each(["opta-two-regions", "aurora-three-regions", "full-stack-aws"])(
  "the example %s in moto",
  (name) => {
    let moto: Moto;
    let stack: ProgramStack<object>;

    beforeAll(async () => {
      moto = await startMoto();
      stack = await exampleStack(name, { deletionProtection: "false" }, {}, moto.env);
    });
    afterAll(() => moto.stop());

    test("is created, left as it is by a second update, and destroyed", async () => {
      await stack.up();
      expect(await stack.up()).toMatch(unchanged);
      await stack.dispose();
    });
  },
);
