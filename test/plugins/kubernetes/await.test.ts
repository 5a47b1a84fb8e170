import { Waiting, changed, object } from "./waiting";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pod = object("v1/Pod");
const ready = { phase: "Running", conditions: conditions("PodScheduled", "Initialized", "Ready") };
const claim = object("v1/PersistentVolumeClaim", { spec: { storageClassName: "fast" } });

function conditions(...types: string[]) {
  return types.map((type) => ({ type, status: "True" }));
}

describe("how long it waits", () => {
  test.each([
    ["ten minutes for a Pod", pod, undefined, 600],
    ["five minutes for a PersistentVolumeClaim", claim, undefined, 300],
    ["as long as the annotation says", annotated({ "pulumi.com/timeoutSeconds": "40" }), undefined, 40],
    ["as the resource option says first", annotated({ "pulumi.com/timeoutSeconds": "40" }), 90, 90],
    [
      "by default if the annotation is no number",
      annotated({ "pulumi.com/timeoutSeconds": "4m" }),
      undefined,
      600,
    ],
  ])("%s", async (_, awaited, timeout, seconds) => {
    const waiting = Waiting.forReady(awaited, timeout);
    expect(await waiting.then(seconds - 1)).toEqual({});
    expect(await waiting.then(2)).toHaveProperty("message");
  });

  test("on, for a time longer than a timer can last", async () => {
    const timer = jest.spyOn(globalThis, "setTimeout");
    const waiting = Waiting.forReady(pod, 3_000_000);
    expect(await waiting.then(700)).toEqual({});
    waiting.controller.abort();
    expect(Math.max(...timer.mock.calls.map(([, milliseconds]) => milliseconds ?? 0))).toBe(2 ** 31 - 1);
  });

  test("a Pod that times out is named as the real provider does", async () => {
    const waiting = Waiting.forReady(pod, 30);
    expect((await waiting.then(31)).message).toBe("'web' timed out waiting to be Ready");
  });

  test("a PersistentVolumeClaim that times out is named as the real provider does", async () => {
    const waiting = Waiting.forReady(claim, 30);
    expect((await waiting.then(31)).message).toBe("Timeout occurred polling for 'web'");
  });

  test("ends while a request hangs", async () => {
    const waiting = Waiting.forReady(pod, 30);
    waiting.cluster.read = () => new Promise(() => undefined);
    expect((await waiting.then(31)).message).toBe("'web' timed out waiting to be Ready");
  });
});

describe("a cancellation", () => {
  test.each([
    [pod, 'Resource operation was cancelled for "web"'],
    [claim, "Resource operation was cancelled for 'web'"],
    [annotated({ "pulumi.com/waitFor": "condition=Ready" }), "context canceled"],
  ])("ends the wait at once", async (awaited, message) => {
    const waiting = Waiting.forReady(awaited);
    await waiting.then(5);
    waiting.controller.abort();
    expect((await waiting.then(0)).message).toBe(message);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("ends the wait at once while a request hangs", async () => {
    const waiting = Waiting.forReady(pod);
    waiting.cluster.read = () => new Promise(() => undefined);
    await waiting.then(5);
    waiting.controller.abort();
    expect(await waiting.then(0)).toHaveProperty("message");
  });
});

describe("what it waits for", () => {
  test("the live object is returned once ready", async () => {
    const waiting = Waiting.forReady(pod);
    await waiting.then(5);
    expect(await waiting.then(1, changed(pod, { status: ready }))).toEqual({
      live: changed(pod, { status: ready }),
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  test("skipAwait", async () => {
    const skipping = annotated({ "pulumi.com/skipAwait": "true", "pulumi.com/waitFor": "condition=Ready" });
    expect(await Waiting.forReady(skipping).then(0)).toEqual({ live: skipping });
  });

  test.each([
    "v1/ConfigMap",
    "v1/ServiceAccount",
    "v1/Namespace",
    "apps/v1/ReplicaSet",
    "example.com/v1/Thing",
  ])("nothing for a %s", async (type) => {
    const awaited = object(type, { status: { conditions: [{ type: "Ready", status: "False" }] } });
    expect(await Waiting.forReady(awaited).then(0)).toEqual({ live: awaited });
  });

  test("nothing for another group's kind of the same name", async () => {
    const awaited = object("serving.knative.dev/v1/Service", { spec: { selector: { app: "web" } } });
    expect(await Waiting.forReady(awaited).then(0)).toEqual({ live: awaited });
  });

  test("the convention Ready for any kind with PULUMI_K8S_AWAIT_ALL", async () => {
    process.env["PULUMI_K8S_AWAIT_ALL"] = "true";
    try {
      const awaited = object("example.com/v1/Thing", {
        status: { conditions: [{ type: "Ready", status: "False", message: "starting" }] },
      });
      const waiting = Waiting.forReady(awaited);
      expect(await waiting.then(5)).toEqual({});
      expect(waiting.status).toEqual(["starting"]);
      const done = changed(awaited, { status: { conditions: conditions("Ready") } });
      expect(await waiting.then(1, done)).toEqual({ live: done });
    } finally {
      delete process.env["PULUMI_K8S_AWAIT_ALL"];
    }
  });

  test("what a server that lags behind tells of the object before counts for nothing", async () => {
    const updated = changed(pod, { metadata: { generation: 2 } });
    const waiting = Waiting.forReady(updated);
    expect(await waiting.then(5, changed(pod, { status: ready }))).toEqual({});
    expect(await waiting.then(1, changed(updated, { status: ready }))).toHaveProperty("live");
  });
});

describe("failing requests", () => {
  test("are survived", async () => {
    const waiting = Waiting.forReady(pod);
    waiting.cluster.failures = [new Error("ECONNRESET"), new Error("503"), new Error("ECONNREFUSED")];
    expect(await waiting.then(5, changed(pod, { status: ready }))).toHaveProperty("live.status", ready);
  });

  test("are the reason if they last until the time is up", async () => {
    const waiting = Waiting.forReady(pod, 10);
    await waiting.then(5);
    waiting.cluster.read = () => Promise.reject(new Error("ECONNREFUSED"));
    expect((await waiting.then(6)).reasons).toEqual(["ECONNREFUSED"]);
  });
});

test("a status is told once", async () => {
  const waiting = Waiting.forReady(pod);
  await waiting.then(10);
  expect(waiting.status).toEqual(['Waiting for Pod "shop/web" to be scheduled']);
});

describe("a deletion", () => {
  const leaving = object("v1/ConfigMap", {
    metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.com/hold", "other"] },
  });

  test("lasts until the object is gone", async () => {
    const waiting = Waiting.forGone(leaving);
    expect(await waiting.then(30)).toEqual({});
    expect(waiting.status).toEqual(["Resource scheduled for deletion"]);
    waiting.cluster.remove(leaving);
    expect(await waiting.then(1)).toEqual({ gone: true });
  });

  test("is over when another object has taken the name", async () => {
    const waiting = Waiting.forGone(leaving);
    expect(await waiting.then(1, changed(leaving, { metadata: { uid: "2" } }))).toEqual({ gone: true });
  });

  test("that does not end names the finalizers", async () => {
    const waiting = Waiting.forGone(leaving);
    expect(await waiting.then(599)).toEqual({});
    expect(await waiting.then(2)).toEqual({
      message: "timed out waiting for the condition",
      reasons: ["finalizers might be preventing deletion (example.com/hold, other)"],
      seen: leaving,
    });
  });

  test("survives failing requests", async () => {
    const waiting = Waiting.forGone(leaving);
    waiting.cluster.failures = [new Error("503"), new Error("503")];
    waiting.cluster.remove(leaving);
    expect(await waiting.then(3)).toEqual({ gone: true });
  });

  test("ends at once when cancelled", async () => {
    const waiting = Waiting.forGone(leaving);
    await waiting.then(5);
    waiting.controller.abort();
    expect((await waiting.then(0)).message).toBe("context canceled");
  });

  test.each([
    ["v1/Namespace", true],
    ["apps/v1/Deployment", true],
    ["v1/ConfigMap", false],
    ["v1/PersistentVolumeClaim", false],
  ])("with skipAwait of a %s is over at once: %s", async (type, over) => {
    const waiting = Waiting.forGone(
      object(type, { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } }),
    );
    expect(await waiting.then(5)).toEqual(over ? { gone: true } : {});
    waiting.controller.abort();
  });
});

function annotated(annotations: Record<string, string>) {
  return object("v1/Pod", { metadata: { annotations } });
}
