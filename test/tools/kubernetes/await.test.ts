import type * as Awaited from "../../../tools/plugins/kubernetes/await/index.mjs" with {
  "resolution-mode": "import",
};
import { Api, type KubernetesObject, type Wanted } from "./api";

const { untilDeleted, untilReady } = jest.requireActual<typeof Awaited>(
  "../../../tools/plugins/kubernetes/await/index.mjs",
);

const api = new Api();
let kubelet: NodeJS.Timeout | undefined;
const status: string[] = [];

beforeAll(() => api.begin());
afterAll(() => api.end());
beforeEach(() => void status.splice(0));
afterEach(() => clearInterval(kubelet));

const waitFor = (object: KubernetesObject, timeout = 60) => ({
  cluster: api,
  object,
  timeout,
  report: (text: string) => void status.push(text),
});
const ready = (object: KubernetesObject, timeout?: number) => untilReady(waitFor(object, timeout));
const gone = (object: KubernetesObject, timeout?: number) => untilDeleted(waitFor(object, timeout));

/** Lets the pods of an app come to something, without running them. */
function simulateKubelet(app: string, podStatus: object): void {
  kubelet = setInterval(async () => {
    const pods = await api.list({ apiVersion: "v1", kind: "Pod", labelSelector: `app=${app}` });
    for (const pod of pods.filter((each) => each.status.phase === "Pending")) {
      await api.patch(pod, { status: podStatus }, "/status").catch(() => undefined);
    }
  }, 200);
}

const condition = (type: string, holds = true) => ({ type, status: holds ? "True" : "False" });
const RUNNING = {
  phase: "Running",
  podIP: "10.200.0.9",
  podIPs: [{ ip: "10.200.0.9" }],
  conditions: [condition("PodScheduled"), condition("Initialized"), condition("Ready")],
};
const terminated = (exitCode: number) => ({
  conditions: [condition("PodScheduled"), condition("Initialized"), condition("Ready", false)],
  containerStatuses: [
    {
      name: "main",
      image: "none",
      imageID: "none",
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error" } },
    },
  ],
});

/** Pods that no node takes. */
const template = (app: string, restartPolicy = "Always") => ({
  metadata: { labels: { app } },
  spec: {
    restartPolicy,
    terminationGracePeriodSeconds: 0,
    nodeSelector: { "example.com/nowhere": app },
    containers: [{ name: "main", image: "none" }],
  },
});
const selector = (app: string) => ({ matchLabels: { app } });
const named = (type: string, name: string, parts: object = {}): Wanted => {
  const [, apiVersion = "", kind = ""] = /^(.*)\/([^/]+)$/.exec(type) ?? [];
  return { apiVersion, kind, metadata: { name }, ...parts };
};

describe("a Deployment", () => {
  const spec = { replicas: 2, selector: selector("deployed"), template: template("deployed") };

  test("is ready with its pods, and again after a rollout", async () => {
    const created = await api.create(named("apps/v1/Deployment", "deployed", { spec }));
    simulateKubelet("deployed", RUNNING);
    const live = await ready(created);
    expect(live.status).toMatchObject({ observedGeneration: 1, availableReplicas: 2 });

    const environment = [{ name: "main", image: "other" }];
    const updated = await api.patch(created, { spec: { template: { spec: { containers: environment } } } });
    expect(updated.metadata.generation).toBe(2);
    const rolled = await ready(updated);
    expect(rolled.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "2" });
    expect(rolled.status).toMatchObject({ observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 });
    expect(status).toContain("Deployment initialization complete");
    await api.delete(rolled);
    await gone(rolled);
    expect(await api.read({ ...rolled, name: "deployed" })).toBeUndefined();
  });

  test("without nodes times out with the real provider's reasons", async () => {
    const stuck = { ...spec, selector: selector("stuck"), template: template("stuck") };
    const created = await api.create(named("apps/v1/Deployment", "stuck", { spec: stuck }));
    await expect(ready(created, 5)).rejects.toMatchObject({
      message: "'stuck' timed out waiting to be Ready",
      reasons: [
        "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
        "Minimum number of live Pods was not attained",
      ],
    });
    expect(status).toContain("Waiting for app ReplicaSet to be available (0/2 Pods available)");
  });
});

test("a StatefulSet is ready with its pods, and again after an update", async () => {
  const spec = {
    replicas: 2,
    serviceName: "stateful",
    selector: selector("stateful"),
    template: template("stateful"),
  };
  const created = await api.create(named("apps/v1/StatefulSet", "stateful", { spec }));
  simulateKubelet("stateful", RUNNING);
  expect((await ready(created)).status).toMatchObject({ readyReplicas: 2, currentReplicas: 2 });
  expect(status).toContain("[1/2] Waiting for StatefulSet to create Pods (0/2 Pods ready)");

  const containers = [{ name: "main", image: "other" }];
  const updated = await api.patch(created, { spec: { template: { spec: { containers } } } });
  const { currentRevision, updateRevision } = (await ready(updated)).status;
  expect(currentRevision).toBe(updateRevision);
  expect(status).toContainEqual(
    expect.stringMatching(/^\[1\/3\] Waiting for StatefulSet update to roll out/),
  );
});

test("a DaemonSet on no node is ready", async () => {
  const spec = { selector: selector("daemon"), template: template("daemon") };
  await ready(await api.create(named("apps/v1/DaemonSet", "daemon", { spec })));
  expect(status).toContain("All replicas scheduled as expected. Replicas: 0");
});

describe("a Job", () => {
  const job = (name: string, spec: object = {}) =>
    named("batch/v1/Job", name, { spec: { backoffLimit: 0, ...spec, template: template(name, "Never") } });

  test("is ready when complete", async () => {
    const created = await api.create(job("succeeding"));
    simulateKubelet("succeeding", { phase: "Succeeded", ...terminated(0) });
    expect((await ready(created)).status).toMatchObject({ succeeded: 1 });
  });

  test("that fails ends the wait", async () => {
    const created = await api.create(job("failing"));
    simulateKubelet("failing", { phase: "Failed", ...terminated(3) });
    await expect(ready(created)).rejects.toMatchObject({
      message: "Resource 'failing' was created but failed to initialize",
      reasons: expect.arrayContaining([
        "[BackoffLimitExceeded] Job has reached the specified backoff limit",
        expect.stringContaining('container "main" completed with exit code 3'),
      ]),
    });
  });

  test("that is suspended is waited for", async () => {
    const created = await api.create(job("suspended", { suspend: true }));
    await expect(ready(created, 3)).rejects.toThrow("'suspended' timed out waiting to be Ready");
  });
});

describe("a Service", () => {
  const ports = [{ port: 80 }];

  test("is ready when the pods it selects are", async () => {
    // Endpoints are made only of pods that are on a node.
    const node = await api.create(named("v1/Node", api.namespace, { spec: { unschedulable: true } }));
    try {
      const { spec } = template("targeted");
      const pod = await api.create({
        ...named("v1/Pod", "target", { spec: { ...spec, nodeSelector: {}, nodeName: node.metadata.name } }),
        metadata: { name: "target", labels: { app: "targeted" } },
      });
      const unready = { ...RUNNING, conditions: [condition("Ready", false)] };
      await api.patch(pod, { status: unready }, "/status");
      const selecting = { ports, selector: { app: "targeted" } };
      const created = await api.create(named("v1/Service", "selecting", { spec: selecting }));
      await expect(ready(created, 15)).rejects.toThrow("'selecting' timed out waiting to be Ready");
      await api.patch(pod, { status: RUNNING }, "/status");
      await ready(created);
    } finally {
      await api.delete(node);
    }
  });

  test("without selector, or headless, is ready at once", async () => {
    await ready(await api.create(named("v1/Service", "bare", { spec: { ports } })), 3);
    const headless = { ports, clusterIP: "None", selector: { app: "none" } };
    await ready(await api.create(named("v1/Service", "headless", { spec: headless })), 3);
  });

  test("of type LoadBalancer waits for an address", async () => {
    const spec = { ports, type: "LoadBalancer" };
    const created = await api.create(named("v1/Service", "balanced", { spec }));
    const waiting = ready(created, 20);
    await api.patch(created, { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }, "/status");
    expect((await waiting).status.loadBalancer.ingress).toMatchObject([{ ip: "192.0.2.1" }]);
  });
});

describe("a PersistentVolumeClaim", () => {
  const claim = (name: string, storageClassName: string) =>
    named("v1/PersistentVolumeClaim", name, {
      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } },
    });
  const storageClass = (mode: string) => ({
    ...named("storage.k8s.io/v1/StorageClass", `${api.namespace}-${mode.toLowerCase()}`),
    provisioner: "example.com/none",
    volumeBindingMode: mode,
  });

  test("waits to be bound, unless its class binds on first use", async () => {
    const immediate = await api.create(storageClass("Immediate"));
    const late = await api.create(storageClass("WaitForFirstConsumer"));
    try {
      const unused = await api.create(claim("unused", late.metadata.name));
      expect((await ready(unused, 10)).status.phase).toBe("Pending");

      const bound = await api.create(claim("bound", immediate.metadata.name));
      await expect(ready(bound, 3)).rejects.toThrow("Timeout occurred polling for 'bound'");
      const volume = await api.create(
        named("v1/PersistentVolume", `${api.namespace}-volume`, {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: immediate.metadata.name,
            capacity: { storage: "1Gi" },
            hostPath: { path: "/nowhere" },
          },
        }),
      );
      expect((await ready(volume)).status.phase).toMatch(/Available|Bound/);
      expect((await ready(bound)).status.phase).toBe("Bound");
      await api.delete(volume);
    } finally {
      await api.delete(immediate);
      await api.delete(late);
    }
  });
});

test("a ResourceQuota is ready when in force", async () => {
  const created = await api.create(
    named("v1/ResourceQuota", "quota", { spec: { hard: { configmaps: "50" } } }),
  );
  expect((await ready(created)).status.hard).toEqual({ configmaps: "50" });
});

test("the token of a service account is filled in", async () => {
  await api.create(named("v1/ServiceAccount", "robot"));
  const created = await api.create({
    ...named("v1/Secret", "token", { type: "kubernetes.io/service-account-token" }),
    metadata: { name: "token", annotations: { "kubernetes.io/service-account.name": "robot" } },
  });
  expect(await ready(created)).toHaveProperty("data.token");
});

test("a custom resource is ready by its own criterion once its definition is established", async () => {
  const group = `${api.namespace}.example.com`;
  const definition = await api.create(
    named("apiextensions.k8s.io/v1/CustomResourceDefinition", `things.${group}`, {
      spec: {
        group,
        scope: "Namespaced",
        names: { kind: "Thing", plural: "things" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: {
              openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        ],
      },
    }),
  );
  try {
    await ready(definition);
    const created = await api.create({
      ...named(`${group}/v1/Thing`, "thing"),
      metadata: {
        name: "thing",
        annotations: { "pulumi.com/waitFor": '["jsonpath={.status.phase}=Running", "condition=Ready"]' },
      },
    });
    await expect(ready(created, 2)).rejects.toThrow("timed out waiting for the condition");
    const waiting = ready(created);
    await api.patch(created, { status: { phase: "Running", conditions: [condition("Ready")] } }, "/status");
    expect((await waiting).status.phase).toBe("Running");
  } finally {
    await api.delete(definition);
  }
  await gone(definition);
});

describe("a deletion", () => {
  test("that a finalizer holds up says so, and goes on when it is taken away", async () => {
    const held = await api.create({
      ...named("v1/ConfigMap", "held"),
      metadata: { name: "held", finalizers: ["example.com/hold"] },
    });
    await api.delete(held);
    await expect(gone(held, 2)).rejects.toMatchObject({
      message: "timed out waiting for the condition",
      reasons: ["finalizers might be preventing deletion (example.com/hold)"],
    });
    expect(status).toEqual(["Resource scheduled for deletion"]);
    const waiting = gone(held);
    await api.patch(held, { metadata: { finalizers: null } });
    await waiting;
  });

  test("of a namespace waits for what is in it", async () => {
    const other = await api.create(named("v1/Namespace", `${api.namespace}-other`));
    await api.delete(other);
    await gone(other);
  });
});
