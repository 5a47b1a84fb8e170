import type { Done, RolloutInputs } from "../../../../src/app/provider/inputs";
import { releaseBefore, releasesToPutBack } from "../../../../src/app/provider/put-back";
import { applied, hasDrifted, templateOf } from "../../../../src/app/provider/release";
import { deploymentOf, replicaSetOf, templateOf as template } from "./live";

describe("a Deployment", () => {
  it("is as it should be", () => {
    const sets = [replicaSetOf("1", 1), replicaSetOf("2", 2)];
    expect(hasDrifted(deploymentOf("2"), sets, { release: "2", replicas: 2 })).toBe(false);
    expect(hasDrifted(deploymentOf("2"), sets, { release: "2" })).toBe(false);
    expect(hasDrifted(deploymentOf("2"), [], { release: "2", replicas: 2 })).toBe(false);
  });

  it("is not once it was put back, scaled, or changed by hand", () => {
    const sets = [replicaSetOf("1", 1), replicaSetOf("2", 2)];
    expect(hasDrifted(deploymentOf("1"), sets, { release: "2" })).toBe(true);
    expect(hasDrifted(deploymentOf("2"), sets, { release: "2", replicas: 3 })).toBe(true);
    const byHand = [...sets, replicaSetOf("2", 3, "other:1")];
    expect(hasDrifted(deploymentOf("2", { image: "other:1" }), byHand, { release: "2" })).toBe(true);
  });

  it("remembers a release as it first was, without what a ReplicaSet adds", () => {
    const sets = [replicaSetOf("2", 3, "other:1"), replicaSetOf("2", 2), replicaSetOf("1", 1)];
    expect(templateOf(sets, "2")).toEqual(template("2"));
    expect(templateOf(sets, "3")).toBeUndefined();
  });

  it("is told all that Pulumi tells it, and nothing that is Kubernetes' own", () => {
    const annotations = { "pulumi.com/skipAwait": "true", "multi-region-postgres/put-back": "2 1" };
    const live = deploymentOf("2", { annotations });
    expect(applied(live, template("1"), 2)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "shop",
        namespace: "shop",
        labels: { app: "shop" },
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        replicas: 2,
        selector: {},
        strategy: {},
        progressDeadlineSeconds: undefined,
        template: template("1"),
      },
    });
    expect(applied(live, template("1"), undefined)).not.toHaveProperty("spec.replicas");
  });
});

const done = (release: string, version: string, before = ""): Done => ({
  release,
  version,
  before,
  image: `shop:${version}`,
});

const access = { region: "", kubeconfig: "", context: "", namespace: "shop" };
const inputs: RolloutInputs = {
  app: "shop",
  region: "rome",
  release: "rome-2",
  version: "2",
  deadlineSeconds: 60,
  putBack: true,
  regions: {
    dublin: { isLost: true, access },
    lisbon: { isLost: false, access },
    oslo: { isLost: false, access },
    rome: { isLost: false, access },
  },
  finished: {
    lisbon: done("lisbon-2", "2", "lisbon-1"),
    oslo: done("oslo-1", "1"),
    dublin: done("dublin-2", "2", "dublin-1"),
  },
};

describe("what is put back when a region does not come up", () => {
  it("is that region, and those that have the version already", () => {
    expect(releasesToPutBack(inputs, done("rome-1", "1"))).toEqual({ lisbon: "lisbon-1", rome: "rome-1" });
  });

  it("is that region alone where the version is no other", () => {
    expect(releasesToPutBack(inputs, done("rome-x", "2"))).toEqual({ rome: "rome-x" });
  });

  it("is nothing where the region is new, or has nothing to get back", () => {
    expect(releasesToPutBack(inputs, undefined)).toEqual({});
    expect(releasesToPutBack(inputs, done("rome-2", "2"))).toEqual({});
  });
});

describe("the release of the version before", () => {
  const live = deploymentOf("rome-2");

  it("is what ran well last, unless that was of the same version", () => {
    expect(releaseBefore(live, inputs, undefined)).toBe("");
    expect(releaseBefore(live, inputs, done("rome-1", "1", "rome-0"))).toBe("rome-1");
    expect(releaseBefore(live, inputs, done("rome-x", "2", "rome-1"))).toBe("rome-1");
  });

  it("is what it was put back to, where it was", () => {
    const annotations = { "multi-region-postgres/put-back": "rome-1 rome-0" };
    const put = deploymentOf("rome-2", { annotations });
    expect(releaseBefore(put, inputs, done("rome-1", "1"))).toBe("rome-0");
    expect(releaseBefore(put, inputs, done("rome-y", "y"))).toBe("rome-y");
  });
});
