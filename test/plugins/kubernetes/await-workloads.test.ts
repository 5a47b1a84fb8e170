import { type KubernetesObject, Waiting, changed, object } from "./waiting";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const condition = (type: string, status: string, reason = "", message = "") => ({
  type,
  status,
  reason,
  message,
});

const ownedBy = ({ apiVersion, kind, metadata: { name, uid } }: KubernetesObject) => ({
  ownerReferences: [{ apiVersion, kind, name, uid }],
});

const selector = { matchLabels: { app: "web" } };

/** A pod that cannot start. */
function stuckPod(owner: KubernetesObject): KubernetesObject {
  return object("v1/Pod", {
    metadata: { name: "web-0", uid: "pod", labels: { app: "web" }, ...ownedBy(owner) },
    status: {
      phase: "Pending",
      conditions: [
        condition("PodScheduled", "True"),
        condition("Initialized", "True"),
        condition("Ready", "False", "ContainersNotReady", "containers with unready status: [web]"),
      ],
      containerStatuses: [
        {
          name: "web",
          ready: false,
          state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "nope"' } },
        },
      ],
    },
  });
}

const STUCK =
  '[Pod shop/web-0]: containers with unready status: [web][ImagePullBackOff] Back-off pulling image "nope"';

describe("a Pod", () => {
  const pod = object("v1/Pod");
  const scheduled = condition("PodScheduled", "True");
  const initialized = condition("Initialized", "True");
  const withStatus = (status: object) => changed(pod, { status });

  test.each([
    ["that is ready", withStatus({ conditions: [scheduled, initialized, condition("Ready", "True")] }), true],
    [
      "that succeeded",
      withStatus({ phase: "Succeeded", conditions: [scheduled, initialized, condition("Ready", "False")] }),
      true,
    ],
    ["of which nothing is known", pod, false],
    ["without a node", withStatus({ conditions: [condition("PodScheduled", "False")] }), false],
    [
      "that is being initialized",
      withStatus({ conditions: [scheduled, condition("Initialized", "False")] }),
      false,
    ],
    [
      "that runs but is not ready",
      withStatus({ phase: "Running", conditions: [scheduled, initialized] }),
      false,
    ],
  ])("%s is ready or not", async (_, live, ready) => {
    const waiting = Waiting.forReady(live);
    expect(await waiting.then(3)).toEqual(ready ? { live } : {});
    waiting.controller.abort();
  });

  test("tells its stages", async () => {
    const waiting = Waiting.forReady(pod);
    await waiting.then(2, withStatus({ conditions: [scheduled] }));
    await waiting.then(2, withStatus({ conditions: [scheduled, initialized] }));
    waiting.controller.abort();
    expect(waiting.status).toEqual([
      'Waiting for Pod "shop/web" to be scheduled',
      'Waiting for Pod "shop/web" to be initialized',
      'Waiting for Pod "shop/web" to be ready',
    ]);
  });

  const terminated = { exitCode: 1, finishedAt: "2026-01-02T03:04:05Z", reason: "Error" };
  test.each([
    [{ waiting: { reason: "ContainerCreating" } }, {}, ""],
    [
      {
        waiting: {
          reason: "ErrImagePull",
          message:
            "rpc error: code = Unknown desc = Error response from daemon: no such image: manifest unknown",
        },
      },
      {},
      "[ErrImagePull] no such image",
    ],
    [{ terminated }, {}, 'container "web" completed with exit code 1'],
    [{ terminated: { ...terminated, message: "no disk" } }, {}, "[Error] no disk"],
    [
      { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
      { terminated: { ...terminated, message: "no disk" } },
      '[CrashLoopBackOff] back-off\ncontainer "web" terminated at 2026-01-02T03:04:05Z (Error: exit code 1)\nno disk',
    ],
  ])("with a container %j, before %j, gives the reason", async (state, lastState, reason) => {
    const live = withStatus({
      conditions: [scheduled, initialized, condition("Ready", "False", "ContainersNotReady", "unready. ")],
      containerStatuses: [{ name: "web", ready: false, state, lastState }],
    });
    const { reasons } = await Waiting.forReady(live, 2).then(3);
    expect(reasons).toEqual([`[Pod shop/web]: unready. ${reason}`]);
  });
});

describe("a Deployment", () => {
  const REVISION = "deployment.kubernetes.io/revision";
  const created = object("apps/v1/Deployment", { spec: { replicas: 2, selector } });
  const available = condition("Available", "True", "MinimumReplicasAvailable");
  const unavailable = condition(
    "Available",
    "False",
    "MinimumReplicasUnavailable",
    "Deployment does not have minimum availability.",
  );
  const rolledOut = condition("Progressing", "True", "NewReplicaSetAvailable");
  const rollingOut = condition("Progressing", "True", "ReplicaSetUpdated");

  const at = (revision: string, conditions: object[], observedGeneration = 1, from = created) =>
    changed(from, {
      metadata: { annotations: { [REVISION]: revision } },
      status: { observedGeneration, conditions },
    });
  const replicaSet = (revision: string, replicas: number, readyReplicas?: number) =>
    object("apps/v1/ReplicaSet", {
      metadata: {
        name: `web-${revision}`,
        uid: `set-${revision}`,
        labels: { app: "web" },
        annotations: { [REVISION]: revision },
        ...ownedBy(created),
      },
      spec: { replicas, selector },
      status: { readyReplicas },
    });

  test("is ready when available and its first ReplicaSet is full", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(2)).toEqual({});
    expect(await waiting.then(2, at("1", [unavailable]), replicaSet("1", 2, 0))).toEqual({});
    expect(await waiting.then(2, at("1", [available]), replicaSet("1", 2, 1))).toEqual({});
    const done = at("1", [available]);
    expect(await waiting.then(1, replicaSet("1", 2, 2))).toEqual({ live: done });
    expect(waiting.status).toEqual([
      "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
      "Waiting for app ReplicaSet to be available (0/2 Pods available)",
      "Waiting for app ReplicaSet to be available (1/2 Pods available)",
      "Deployment initialization complete",
    ]);
  });

  test("is not ready by the status of the generation before", async () => {
    const updated = changed(created, { metadata: { generation: 2 } });
    const waiting = Waiting.forReady(updated);
    expect(await waiting.then(5, at("1", [available, rolledOut], 1, updated), replicaSet("1", 2, 2))).toEqual(
      {},
    );
    expect(await waiting.then(1, at("1", [available, rolledOut], 2, updated))).toHaveProperty("live");
  });

  test("is rolled out when its new ReplicaSet is available, not when the old one still is", async () => {
    const updated = changed(created, { metadata: { generation: 2 } });
    const waiting = Waiting.forReady(updated);
    const rolling = at("2", [available, rollingOut], 2, updated);
    expect(await waiting.then(5, rolling, replicaSet("1", 2, 2), replicaSet("2", 2, 2))).toEqual({});
    expect(await waiting.then(2, at("2", [available, rolledOut], 2, updated), replicaSet("2", 2, 1))).toEqual(
      {},
    );
    expect(await waiting.then(1, replicaSet("2", 2, 2))).toHaveProperty("live");
  });

  test("is not ready while unavailable, even if its ReplicaSet is full", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(5, at("2", [unavailable, rolledOut]), replicaSet("2", 2, 2))).toEqual({});
    waiting.controller.abort();
  });

  test("takes no ReplicaSet of another owner for its own", async () => {
    const foreign = replicaSet("1", 2, 2);
    foreign.metadata.ownerReferences![0]!.uid = "another";
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(5, at("1", [available]), foreign)).toEqual({});
    waiting.controller.abort();
  });

  test("scaled to zero is ready", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(1, at("1", [available]), replicaSet("1", 0))).toHaveProperty("live");
    expect(waiting.status).toContain('Replicas scaled to 0 for Deployment "web"');
  });

  test("waits for the claims of its pods", async () => {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }, { name: "cache" }];
    const spec = { ...created["spec"], template: { spec: { volumes } } };
    const claim = (phase: string) =>
      object("v1/PersistentVolumeClaim", { metadata: { name: "data" }, status: { phase } });
    const live = changed(at("1", [available]), { spec });
    const waiting = Waiting.forReady(changed(created, { spec }), 10);
    expect(await waiting.then(5, live, replicaSet("1", 2, 2), claim("Pending"))).toEqual({});
    expect(waiting.status).toContain(
      "PersistentVolumeClaim: [data] is not ready. status.phase currently at: Pending",
    );
    expect((await waiting.then(6)).reasons).toEqual(['Failed to bind PersistentVolumeClaim(s): "data"']);
    const bound = Waiting.forReady(changed(created, { spec }));
    expect(await bound.then(5, live, replicaSet("1", 2, 2), claim("Bound"))).toHaveProperty("live");
  });

  test.each([
    [
      "that is unavailable",
      at("1", [unavailable]),
      "1",
      [
        "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "Minimum number of live Pods was not attained",
        STUCK,
      ],
    ],
    [
      "whose rollout got stuck",
      at("2", [available, condition("Progressing", "False", "ProgressDeadlineExceeded", "too late")]),
      "2",
      [
        "[ProgressDeadlineExceeded] too late",
        "Minimum number of Pods to consider the application live was not attained",
        STUCK,
      ],
    ],
    [
      "whose new ReplicaSet is not full",
      at("2", [available, rolledOut]),
      "2",
      ["Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live", STUCK],
    ],
  ])("%s gives the real provider's reasons", async (_, live, revision, reasons) => {
    const set = replicaSet(revision, 2, 0);
    const waiting = Waiting.forReady(created, 5);
    expect(await waiting.then(6, live, set, stuckPod(set))).toMatchObject({
      message: "'web' timed out waiting to be Ready",
      reasons,
      seen: live,
    });
  });

  test("is awaited by a credential that may not list pods", async () => {
    const waiting = Waiting.forReady(created);
    waiting.cluster.forbidden = ["Pod"];
    expect(await waiting.then(2, at("1", [unavailable]), replicaSet("1", 2, 0))).toEqual({});
    expect(waiting.status).toContain("Waiting for app ReplicaSet to be available (0/2 Pods available)");
    expect(await waiting.then(2, at("1", [available]), replicaSet("1", 2, 2))).toHaveProperty("live");
  });
});

describe("a StatefulSet", () => {
  const created = object("apps/v1/StatefulSet", { spec: { replicas: 3, selector } });
  const counts = (replicas: number, readyReplicas: number, currentReplicas: number, updatedReplicas = 0) => ({
    observedGeneration: 1,
    replicas,
    readyReplicas,
    currentReplicas,
    updatedReplicas,
    currentRevision: "web-a",
    updateRevision: "web-a",
  });

  test("is ready when all replicas are, of the current revision", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(2)).toEqual({});
    expect(await waiting.then(2, changed(created, { status: counts(2, 1, 2) }))).toEqual({});
    expect(await waiting.then(2, changed(created, { status: counts(3, 3, 3) }))).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "[1/2] Waiting for StatefulSet to create Pods (0/3 Pods ready)",
      "[1/2] Waiting for StatefulSet to create Pods (1/3 Pods ready)",
      "StatefulSet initialization complete",
    ]);
  });

  test("is updated when the new revision has become the current one", async () => {
    const updated = changed(created, { metadata: { generation: 2 } });
    const rolling = { ...counts(3, 3, 1, 2), observedGeneration: 2, updateRevision: "web-b" };
    const waiting = Waiting.forReady(updated);
    expect(await waiting.then(2, changed(updated, { status: counts(3, 3, 3) }))).toEqual({});
    expect(await waiting.then(2, changed(updated, { status: rolling }))).toEqual({});
    expect(await waiting.then(2, changed(updated, { status: { ...rolling, currentReplicas: 3 } }))).toEqual(
      {},
    );
    const done = { ...counts(3, 3, 3, 3), observedGeneration: 2 };
    expect(await waiting.then(2, changed(updated, { status: done }))).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "[1/3] Waiting for StatefulSet update to roll out (0/3 Pods ready)",
      "[1/3] Waiting for StatefulSet update to roll out (2/3 Pods ready)",
      "[2/3] Waiting for StatefulSet to update .status.currentRevision",
      "StatefulSet initialization complete",
    ]);
  });

  test("with OnDelete keeps its pods of the revision before", async () => {
    const updated = changed(created, {
      metadata: { generation: 2 },
      spec: { ...created["spec"], updateStrategy: { type: "OnDelete" } },
    });
    const status = { ...counts(3, 3, 0), observedGeneration: 2, updateRevision: "web-b" };
    expect(await Waiting.forReady(changed(updated, { status })).then(1)).toHaveProperty("live");
  });

  test("that times out gives the real provider's reasons", async () => {
    const rolling = { ...counts(3, 2, 2, 1), updateRevision: "web-b" };
    const waiting = Waiting.forReady(changed(created, { status: rolling }), 5);
    expect((await waiting.then(6, stuckPod(created))).reasons).toEqual([
      "1 out of 3 replicas succeeded readiness checks",
      'StatefulSet controller failed to advance from revision "web-a" to revision "web-b"',
      STUCK,
    ]);
  });
});

describe("a DaemonSet", () => {
  const created = object("apps/v1/DaemonSet", { spec: { selector } });
  const status = {
    observedGeneration: 1,
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    updatedNumberScheduled: 2,
    numberAvailable: 2,
    numberReady: 2,
  };

  test("is ready when every node has its pod", async () => {
    const waiting = Waiting.forReady(created);
    await waiting.then(2);
    await waiting.then(2, changed(created, { status: { ...status, updatedNumberScheduled: 1 } }));
    await waiting.then(2, changed(created, { status: { ...status, numberReady: 1 } }));
    await waiting.then(2, changed(created, { status: { ...status, observedGeneration: 0 } }));
    expect(waiting.outcome).toEqual({});
    expect(await waiting.then(2, changed(created, { status }))).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "Missing .status.desiredNumberScheduled",
      "Updated: 1/2",
      "Ready: 1/2",
      "DaemonSet generation is 1, but latest observed generation is 0",
      "All replicas scheduled as expected. Replicas: 2",
    ]);
  });

  test("that times out is told of as the real provider does, its pods meanwhile", async () => {
    const waiting = Waiting.forReady(changed(created, { status: { ...status, numberReady: 1 } }), 5);
    const { message } = await waiting.then(6, stuckPod(created));
    expect(message).toBe("timed out waiting for the condition");
    expect(waiting.status).toEqual(["Ready: 1/2", STUCK]);
  });
});

describe("a Job", () => {
  const created = object("batch/v1/Job", { spec: { selector } });
  const started = { startTime: "2026-01-01T00:00:00Z", active: 1 };

  test("is ready when complete", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(2)).toEqual({});
    expect(await waiting.then(2, changed(created, { status: started }))).toEqual({});
    const complete = { ...started, active: 0, succeeded: 1, conditions: [condition("Complete", "True")] };
    expect(await waiting.then(2, changed(created, { status: complete }))).toHaveProperty("live");
    expect(waiting.status).toEqual([
      'Waiting for Job "shop/web" to start',
      'Waiting for Job "shop/web" to succeed (Active: 1 | Succeeded: 0 | Failed: 0)',
      'Waiting for Job "shop/web" to succeed (Active: 0 | Succeeded: 1 | Failed: 0)',
    ]);
  });

  test.each(["BackoffLimitExceeded", "DeadlineExceeded"])(
    "that failed (%s) ends the wait at once",
    async (reason) => {
      const waiting = Waiting.forReady(created);
      await waiting.then(2, changed(created, { status: started }), stuckPod(created));
      const failed = { ...started, conditions: [condition("Failed", "True", reason, "it is over")] };
      expect(await waiting.then(2, changed(created, { status: failed }))).toMatchObject({
        message: "Resource 'web' was created but failed to initialize",
        reasons: [STUCK, `[${reason}] it is over`],
      });
      expect(waiting.status).not.toContain(STUCK);
    },
  );

  test("that is suspended is waited for", async () => {
    const suspended = changed(created, { status: { conditions: [condition("Suspended", "True")] } });
    const waiting = Waiting.forReady(suspended, 60);
    expect(await waiting.then(59)).toEqual({});
    expect((await waiting.then(2)).message).toBe("'web' timed out waiting to be Ready");
  });
});
