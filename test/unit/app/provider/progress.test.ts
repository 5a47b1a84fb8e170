import { givenUpSince, progressOf } from "../../../../src/app/provider/progress";
import { describeRunning } from "../../../../src/app/provider/running";
import { troubleOf } from "../../../../src/app/provider/trouble";
import { deploymentOf, podOf } from "./live";

describe("a release", () => {
  it("has come up when every pod is of it and available, and none of another is left", () => {
    expect(progressOf(deploymentOf("2"), [], "2")).toEqual({ state: "done" });
    const states = [{ updatedReplicas: 1 }, { availableReplicas: 1 }, { replicas: 3 }];
    for (const status of states) {
      expect(progressOf(deploymentOf("2", { status }), [], "2")).toMatchObject({ state: "waiting" });
    }
  });

  it("has not come up before Kubernetes has looked at it", () => {
    const status = { observedGeneration: 2 };
    expect(progressOf(deploymentOf("2", { status }), [], "2")).toEqual({
      state: "waiting",
      missing: "Kubernetes has not yet looked at it",
    });
  });

  it("is there without a pod where there is to be none", () => {
    expect(progressOf(deploymentOf("2", { replicas: 0 }), [], "2")).toEqual({ state: "done" });
    const leaving = deploymentOf("2", { replicas: 0, status: { replicas: 1 } });
    expect(progressOf(leaving, [], "2")).toEqual({
      state: "waiting",
      missing: "1 pods are there, and 0 are to be",
    });
  });

  it("is in trouble by what its own pods say, and nobody else's", () => {
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "shop:2"' };
    const pods = [podOf("2", { state: { waiting } })];
    const live = deploymentOf("2", { status: { updatedReplicas: 1 } });
    expect(progressOf(live, pods, "2")).toEqual({
      state: "waiting",
      missing: "0 of 2 pods are available",
      trouble: 'ImagePullBackOff: Back-off pulling image "shop:2" (pod shop-2-x)',
    });
    expect(progressOf(live, pods, "3")).not.toHaveProperty("trouble");
    const others = [podOf("1", { ready: true }), podOf("2", { ready: true })];
    expect(progressOf(live, others, "2")).toMatchObject({ missing: "1 of 2 pods are available" });
  });

  it("is in trouble where no pod may be made", () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }];
    const live = deploymentOf("2", { status: { updatedReplicas: 0, conditions } });
    expect(progressOf(live, [], "2")).toMatchObject({ trouble: "exceeded quota" });
  });

  it("has failed when Kubernetes says that its time is over, with the reason", () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    const live = deploymentOf("2", { status: { updatedReplicas: 1, conditions } });
    expect(progressOf(live, [], "2")).toEqual({ state: "failed", reason: "0 of 2 pods are available" });
    const nowhere = {
      ...podOf("2"),
      status: {
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/3 nodes are available",
          },
        ],
      },
    };
    expect(progressOf(live, [nowhere], "2")).toEqual({
      state: "failed",
      reason: "0 of 2 pods are available: Unschedulable: 0/3 nodes are available (pod shop-2-x)",
    });
  });
});

describe("what Kubernetes gave up", () => {
  const gaveUp = (second: number) =>
    deploymentOf("2", {
      status: {
        updatedReplicas: 1,
        conditions: [
          {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            lastUpdateTime: new Date(second * 1000),
          },
        ],
      },
    });

  it("does not count against what it was told after that", () => {
    const known = givenUpSince(gaveUp(1));
    expect(progressOf(gaveUp(1), [], "2", known)).toMatchObject({ state: "waiting" });
    expect(progressOf(gaveUp(2), [], "2", known)).toMatchObject({ state: "failed" });
    expect(givenUpSince(deploymentOf("2"))).toBeUndefined();
  });
});

describe("the trouble of a pod", () => {
  it("is what its container does not get over", () => {
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" };
    const lastState = { terminated: { exitCode: 3, reason: "Error", message: "password=s3cret" } };
    expect(troubleOf(podOf("2", { state: { waiting }, lastState }))).toBe(
      "CrashLoopBackOff: it ended with 3, Error (pod shop-2-x)",
    );
  });

  it("is that it was started again and again, also while it runs", () => {
    const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    expect(troubleOf(podOf("2", { restartCount: 2, lastState }))).toBe(
      "started 3 times and not ready: it ended with 137, OOMKilled (pod shop-2-x)",
    );
    expect(troubleOf(podOf("2", { restartCount: 1, lastState }))).toBeUndefined();
    expect(troubleOf(podOf("2", { ready: true, restartCount: 5, lastState }))).toBeUndefined();
  });

  it("is not that it has yet to start", () => {
    expect(troubleOf(podOf("2", { state: { waiting: { reason: "ContainerCreating" } } }))).toBeUndefined();
    expect(troubleOf({ ...podOf("2"), status: {} })).toBeUndefined();
  });
});

describe("what a region runs", () => {
  it("is told by images, and how many pods of each are ready", () => {
    const pods = [podOf("1", { ready: true }), podOf("1", { ready: true }), podOf("2")];
    expect(describeRunning(pods)).toBe("shop:1 (2 of 2 ready) and shop:2 (0 of 1 ready)");
    expect(describeRunning([])).toBe("no pod");
    const leaving = { ...podOf("1"), metadata: { name: "x", deletionTimestamp: new Date(0) } };
    expect(describeRunning([leaving])).toBe("no pod");
  });
});
