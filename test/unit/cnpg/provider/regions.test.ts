import { RegionCluster } from "../../../../src/cnpg/kubernetes/region";
import type { TopologyInputs } from "../../../../src/cnpg/provider/inputs";
import { lookAt } from "../../../../src/cnpg/provider/regions";
import { TransientError } from "../../../../src/kubernetes/transient";
import { FakeRegion } from "./fake-region";

afterEach(() => jest.restoreAllMocks());

describe("A region whose Kubernetes API refuses", () => {
  const refusal = async (error: Error) => {
    jest.spyOn(RegionCluster, "connect").mockRejectedValue(error);
    const { access } = new FakeRegion("rome");
    const regions = { rome: { activity: "active", access } } as unknown as TopologyInputs["regions"];
    return lookAt({ regions }).then(
      () => "",
      ({ message }: Error) => message,
    );
  };

  it("is advised to be named in lost after silence alone, and not with --refresh", async () => {
    const silent = await refusal(new TransientError("rome: no route to host", true));
    expect(silent).toContain("rome: no route to host\nRun pulumi up again when it answers");
    expect(silent).toContain("named in lost, for a pulumi up without --refresh: ");
    expect(silent).toContain("what it alone holds is lost");
  });

  it.each([new Error("rome: forbidden"), new TransientError("rome: too many requests", false)])(
    "is not advised to be named in lost: %s",
    async (error) => {
      expect(await refusal(error)).toBe(error.message);
    },
  );
});
