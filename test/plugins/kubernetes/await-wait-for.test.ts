import { Waiting, changed, object } from "./waiting";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const custom = (waitFor: string) =>
  object("example.com/v1/Thing", { metadata: { annotations: { "pulumi.com/waitFor": waitFor } } });

/** Whether a custom resource with this status is ready by that criterion. */
async function isReady(waitFor: string, status: unknown): Promise<boolean> {
  const waiting = Waiting.forReady(changed(custom(waitFor), { status }));
  const { live, message } = await waiting.then(2);
  waiting.controller.abort();
  expect(message).toBeUndefined();
  return live !== undefined;
}

describe("a path", () => {
  test.each([
    ["jsonpath={.status.phase}=Running", { phase: "Running" }, true],
    ["jsonpath={.status.phase}=Running", { phase: "Pending" }, false],
    ["jsonpath={.status.phase}=Running", {}, false],
    ["jsonpath={.status.phase}", { phase: "anything" }, true],
    ["jsonpath={.status.phase}", {}, false],
    ["jsonpath={.status.parts}", { parts: { a: 1 } }, true],
    ["jsonpath={.status.count}=3", { count: 3 }, true],
    ["jsonpath={.status.count}=0", { count: 0 }, true],
    ["jsonpath={.status.count}", { count: 0 }, true],
    ["jsonpath={.status.done}=true", { done: true }, true],
    ["jsonpath={.status.done}=true", { done: false }, false],
    ["jsonpath={$.status.phase}=Running", { phase: "Running" }, true],
    ["jsonpath={.status.hooks[*].bundle}", { hooks: [{}, { bundle: "x" }] }, true],
    ["jsonpath={.status.hooks[0].bundle}=x", { hooks: [{ bundle: "x" }] }, true],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', ready("True"), true],
    ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', ready("False"), false],
    ['jsonpath={.status.conditions[?@.type=="Ready"].status}=True', ready("True"), true],
    ["jsonpath={.status['a.b']}=1", { "a.b": 1 }, true],
    ["jsonpath={.status.a\\.b}=1", { "a.b": 1 }, true],
    ["jsonpath={.status.phase}=in healthy state", { phase: "in healthy state" }, true],
  ])("%s on %j: %s", async (waitFor, status, expected) => {
    expect(await isReady(waitFor, status)).toBe(expected);
  });

  test("tells what it found meanwhile", async () => {
    const awaited = custom("jsonpath={.status.phase}=Running");
    const waiting = Waiting.forReady(awaited);
    await waiting.then(2);
    await waiting.then(2, changed(awaited, { status: { phase: "Pending" } }));
    await waiting.then(2, changed(awaited, { status: { phase: "Running" } }));
    expect(waiting.status).toEqual([
      "{.status.phase} selected nothing",
      'Waiting for {.status.phase}=Running (found "Pending")',
      "Found {.status.phase}=Running",
    ]);
  });

  test("to an object can have no value, and does not hang", async () => {
    const awaited = changed(custom("jsonpath={.status}=Running"), { status: { phase: "Running" } });
    expect((await Waiting.forReady(awaited).then(1)).message).toBe(
      '"{.status}" has a non-primitive value ({"phase":"Running"})',
    );
  });

  test.each([
    ["jsonpath=.status.phase=Running", ".status.phase should be wrapped in brackets { ... }"],
    ["jsonpath='{.status.phase}'=Running", "'{.status.phase}' should omit shell quotes"],
    ["jsonpath={.status.phase}=", "{.status.phase}= requires a value"],
    ["jsonpath={.a}=b=c", 'format should be {.path}=value or {.path}, got "{.a}=b=c"'],
    [
      "jsonpath={.a}={.b}",
      "{.a}={.b} compares against another JSONPath, which is not supported; the value must be a literal",
    ],
    [
      "{.status.phase}=Running",
      'expected a "jsonpath=" or "condition=" prefix, got "{.status.phase}=Running"',
    ],
    ["[]", "at least one condition must be specified"],
    ['["Ready"]', 'expected a "jsonpath=" or "condition=" prefix, got "Ready"'],
  ])("%s is refused", async (waitFor, message) => {
    expect((await Waiting.forReady(custom(waitFor)).then(0)).message).toBe(message);
  });
});

describe("a condition", () => {
  test.each([
    ["condition=Ready", ready("True"), true],
    ["condition=Ready", ready("False"), false],
    ["condition=Ready", {}, false],
    ["condition=ready=true", ready("True"), true],
    ["condition=Ready=False", ready("False"), true],
    ["condition=Ready=False", ready("True"), false],
    ["condition=Synced", ready("True"), false],
    ["condition=Ready", { ...ready("True"), observedGeneration: 0 }, false],
    ["condition=Ready", { ...ready("True"), observedGeneration: 1 }, true],
  ])("%s on %j: %s", async (waitFor, status, expected) => {
    expect(await isReady(waitFor, status)).toBe(expected);
  });

  test("that was true of an earlier generation is not", async () => {
    const awaited = custom("condition=Ready");
    const updated = changed(awaited, { metadata: { generation: 2 } });
    const stale = { conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }] };
    const waiting = Waiting.forReady(changed(updated, { status: stale }));
    expect(await waiting.then(5)).toEqual({});
    expect(waiting.status).toEqual(["Generation 1 is less than expected 2"]);
    const fresh = { conditions: [{ type: "Ready", status: "True", observedGeneration: 2 }] };
    expect(await waiting.then(1, changed(updated, { status: fresh }))).toHaveProperty("live");
  });

  test("that is not met in time leaves kubectl's words", async () => {
    const waiting = Waiting.forReady(changed(custom("condition=Ready"), { status: ready("False") }), 5);
    const { message, reasons } = await waiting.then(6);
    expect({ message, reasons }).toEqual({ message: "timed out waiting for the condition", reasons: [] });
    expect(waiting.status).toEqual(["Resource has condition Ready=False (want True)"]);
  });
});

test("several criteria must hold at the same time", async () => {
  const both = '["condition=Ready", "jsonpath={.status.phase}=Running"]';
  expect(await isReady(both, { ...ready("True"), phase: "Running" })).toBe(true);
  expect(await isReady(both, { ...ready("True"), phase: "Pending" })).toBe(false);
  expect(await isReady(both, { ...ready("False"), phase: "Running" })).toBe(false);
});

test("a criterion takes the place of what the kind is waited for", async () => {
  const awaited = object("v1/Pod", {
    metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Pending" } },
    status: { phase: "Pending" },
  });
  expect(await Waiting.forReady(awaited).then(1)).toEqual({ live: awaited });
});

function ready(status: string) {
  return { conditions: [{ type: "Ready", status }] };
}
