import { Waiting, changed, object } from "./waiting";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const NO_PODS =
  "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods";
const NO_IP = "Service was not allocated an IP address; does your cloud provider support this?";
const NO_HOST =
  "Ingress .status.loadBalancer field was not updated with a hostname/IP address. " +
  "\n    for more information about this error, see https://pulumi.io/xdv72s";

const address = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
const addresses = [{ ip: "10.1.0.1" }];
const endpoints = (subsets?: object[], resourceVersion = "1", name = "web") =>
  object("v1/Endpoints", { metadata: { name, resourceVersion }, subsets });

describe("a Service", () => {
  const service = (spec: object, status?: object) => object("v1/Service", { spec, status });
  const selector = { app: "web" };

  test.each([
    ["without a selector", service({ type: "ClusterIP" })],
    ["that is headless", service({ clusterIP: "None", selector })],
    ["that is an external name", service({ type: "ExternalName", selector })],
    ["with an address and no selector", service({ type: "LoadBalancer" }, address)],
  ])("%s waits for no pods", async (_, live) => {
    expect(await Waiting.forReady(live).then(0)).toEqual({ live });
  });

  test("is ready when its endpoints have been ready for ten seconds", async () => {
    const waiting = Waiting.forReady(service({ selector }));
    expect(await waiting.then(20)).toEqual({});
    expect(await waiting.then(20, endpoints([{ notReadyAddresses: addresses }], "1"))).toEqual({});
    expect(await waiting.then(9, endpoints([{ addresses }], "2"))).toEqual({});
    expect(await waiting.then(9, endpoints([{ addresses }, { addresses }], "3"))).toEqual({});
    expect(await waiting.then(3)).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "[1/3] Finding Pods to direct traffic to",
      "Service initialization complete",
    ]);
  });

  test("that selects no pods is ready all the same", async () => {
    const waiting = Waiting.forReady(service({ selector }));
    expect(await waiting.then(12, endpoints())).toHaveProperty("live");
  });

  test("whose endpoints are ready but new when the time is up is ready", async () => {
    const waiting = Waiting.forReady(service({ selector }), 5);
    expect(await waiting.then(6, endpoints([{ addresses }]))).toHaveProperty("live");
  });

  test("of type LoadBalancer waits for its address", async () => {
    const created = service({ type: "LoadBalancer", selector });
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(30, endpoints([{ addresses }]))).toEqual({});
    expect(await waiting.then(2, changed(created, { status: address }))).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "[1/3] Finding Pods to direct traffic to",
      "[2/3] Attempting to allocate IP address to Service",
      "Service initialization complete",
    ]);
  });

  test.each([
    ["without endpoints or address", [], [NO_PODS, NO_IP]],
    ["without an address", [endpoints([{ addresses }])], [NO_IP]],
    ["with an unready pod", [endpoints([{ addresses, notReadyAddresses: addresses }])], [NO_PODS, NO_IP]],
  ])("%s gives the real provider's reasons", async (_, others, reasons) => {
    const waiting = Waiting.forReady(service({ type: "LoadBalancer", selector }), 20);
    expect(await waiting.then(21, ...others)).toMatchObject({
      message: "'web' timed out waiting to be Ready",
      reasons,
    });
  });
});

describe("an Ingress", () => {
  const backend = { service: { name: "shop", port: { number: 80 } } };
  const created = object("networking.k8s.io/v1/Ingress", {
    spec: { rules: [{ host: "example.com", http: { paths: [{ path: "/a", backend }] } }] },
  });
  const addressed = changed(created, { status: address });

  test("is ready with an address and a service for each path", async () => {
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(5)).toEqual({});
    expect(await waiting.then(5, endpoints([{ addresses }], "1", "shop"))).toEqual({});
    expect(await waiting.then(2, addressed)).toHaveProperty("live");
    expect(waiting.status).toEqual([
      "[1/3] Finding a matching service for each Ingress path",
      "[2/3] Waiting for update of .status.loadBalancer with hostname/IP",
      "Ingress initialization complete",
    ]);
  });

  test("needs no endpoints for an external name", async () => {
    const external = object("v1/Service", { metadata: { name: "shop" }, spec: { type: "ExternalName" } });
    const waiting = Waiting.forReady(addressed);
    expect(await waiting.then(2, external)).toHaveProperty("live");
  });

  test("does without a service that has not come when all endpoints have settled", async () => {
    const waiting = Waiting.forReady(addressed);
    expect(await waiting.then(9, endpoints([{ addresses }]))).toEqual({});
    expect(await waiting.then(3)).toHaveProperty("live");
    expect(waiting.status).toContain('No matching service found for ingress rule: "example.com/a" -> "shop"');
  });

  test("does without services in a namespace that has no endpoints for a minute", async () => {
    const waiting = Waiting.forReady(addressed);
    expect(await waiting.then(59)).toEqual({});
    expect(await waiting.then(3)).toHaveProperty("live");
  });

  test("that times out gives the real provider's reasons", async () => {
    const waiting = Waiting.forReady(created, 5);
    expect((await waiting.then(6)).reasons).toEqual([
      "Ingress has at least one rule with an unavailable target endpoint.",
      NO_HOST,
    ]);
  });
});

describe("a PersistentVolumeClaim", () => {
  const claim = object("v1/PersistentVolumeClaim", { spec: { storageClassName: "fast" } });
  const pending = changed(claim, { status: { phase: "Pending" } });
  const bound = changed(claim, { status: { phase: "Bound" } });
  const storageClass = (volumeBindingMode: string) => ({
    ...object("storage.k8s.io/v1/StorageClass", { volumeBindingMode }),
    metadata: { name: "fast" },
  });

  test("is ready when bound", async () => {
    const waiting = Waiting.forReady(claim);
    expect(await waiting.then(5, pending, storageClass("Immediate"))).toEqual({});
    expect(await waiting.then(2, bound)).toEqual({ live: bound });
  });

  test.each([
    ["pending", pending],
    ["bound", bound],
  ])("of a class that binds on first use is ready when %s", async (_, live) => {
    expect(await Waiting.forReady(claim).then(2, live, storageClass("WaitForFirstConsumer"))).toEqual({
      live,
    });
  });

  test("of no class is waited for", async () => {
    const waiting = Waiting.forReady(changed(pending, { spec: {} }));
    expect(await waiting.then(5)).toEqual({});
    expect(waiting.status).toEqual(['no storage class found for "web"']);
    waiting.controller.abort();
  });
});

describe.each([
  ["PersistentVolume that is Available", "v1/PersistentVolume", {}, { status: { phase: "Available" } }],
  ["PersistentVolume that is Bound", "v1/PersistentVolume", {}, { status: { phase: "Bound" } }],
  [
    "ReplicationController with all its pods",
    "v1/ReplicationController",
    { spec: { replicas: 2 }, status: { observedGeneration: 1, availableReplicas: 1 } },
    { status: { observedGeneration: 1, availableReplicas: 2 } },
  ],
  [
    "ReplicationController that its controller has seen",
    "v1/ReplicationController",
    { spec: { replicas: 2 }, status: { observedGeneration: 0, availableReplicas: 2 } },
    { status: { observedGeneration: 1, availableReplicas: 2 } },
  ],
  [
    "ResourceQuota in force",
    "v1/ResourceQuota",
    { spec: { hard: { pods: "4" } }, status: { hard: { pods: "3" } } },
    { status: { hard: { pods: "4" } } },
  ],
  [
    "CustomResourceDefinition that is established",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    { status: { conditions: [{ type: "NamesAccepted", status: "True" }] } },
    { status: { conditions: [{ type: "Established", status: "True" }] } },
  ],
  [
    "token of a service account",
    "v1/Secret",
    { type: "kubernetes.io/service-account-token" },
    { data: { token: "eA==" } },
  ],
])("a %s", (_, type, before, after) => {
  test("is ready, and not before", async () => {
    const created = object(type, before);
    const waiting = Waiting.forReady(created);
    expect(await waiting.then(3)).toEqual({});
    expect(await waiting.then(2, changed(created, after))).toEqual({ live: changed(created, after) });
  });
});

test("a Secret of any other type is ready", async () => {
  const secret = object("v1/Secret", { type: "Opaque" });
  expect(await Waiting.forReady(secret).then(0)).toEqual({ live: secret });
});
