import { spawn } from "node:child_process";
import { eventually } from "../support/eventually";
import { areOurs, kubectl, regions, startEndedBy, tool } from "../support/regions";
import { processesOf, traces } from "../support/traces";

const namespace = "tool-test";

const app = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: ${namespace} }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: ${namespace} }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: client
      image: localhost/postgresql:17
      command: [sleep, infinity]
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
---
apiVersion: v1
kind: Pod
metadata: { name: app, namespace: ${namespace}, labels: { app: app } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: localhost/app:1
      env: [{ name: REGION, value: REGION_NAME }]
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: ${namespace} }
spec:
  type: NodePort
  selector: { app: app }
  ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }]
`;

// Other tests have rome, lisbon and dublin at the same time: what is killed here is a region of this test's own.
(areOurs ? describe : describe.skip)("regions on this machine", () => {
  let before: Awaited<ReturnType<typeof traces>>;

  beforeAll(async () => {
    await regions("down", "porto").catch(() => undefined); // left by a test that was killed
    before = await traces(["porto"]);
    await regions("up", "porto");
    for (const region of ["rome", "porto"]) {
      await apply(region, app.replace("REGION_NAME", region));
      await kubectl(region, "wait", "pod", "--all", `--namespace=${namespace}`, "--for=condition=Ready");
    }
  });
  afterAll(() => kubectl("rome", "delete", "namespace", namespace, "--ignore-not-found"));

  it("are each a whole node, with the operator", async () => {
    expect(await kubectl("porto", "get", "nodes")).toMatch(/porto +Ready /);
    const pods = await kubectl("porto", "get", "pods", "--all-namespaces");
    expect(pods).toMatch(/cnpg-system +cnpg-controller-manager-\S+ +1\/1 +Running/);
  });

  it("have their node ports reached by name: from the host, and from the pods of another region", async () => {
    expect(await fromHost("porto")).toContain('"region":"porto"');
    expect(await fromPod("rome", "porto")).toContain('"region":"porto"');
    expect(await fromPod("porto", "rome")).toContain('"region":"rome"');
  });

  it("do not see each other when they are partitioned, until they are joined; the host sees both", async () => {
    await regions("partition", "rome", "porto");
    expect((await regions("status")).stdout).toMatch(/porto .* cut off from rome /);
    await expect(fromPod("rome", "porto")).rejects.toThrow();
    await expect(fromPod("porto", "rome")).rejects.toThrow();
    expect(await fromHost("rome")).toContain("rome");
    expect(await fromHost("porto")).toContain("porto");
    await regions("partition", "porto", "rome"); // once more changes nothing
    await regions("join", "rome", "porto");
    expect(await fromPod("rome", "porto")).toContain("porto");
    expect(await fromPod("porto", "rome")).toContain("rome");
  });

  it("are gone at once when they are killed, and come back with their volumes, if not at the first attempt", async () => {
    await inPorto("sh", "-c", "echo kept > /data/file");
    await regions("kill", "porto");
    expect(await processesOf(["porto"])).toEqual([]);
    await expect(fromHost("porto")).rejects.toThrow();
    await expect(fromPod("rome", "porto")).rejects.toThrow();
    expect((await regions("status")).stdout).toMatch(/porto .* killed /);

    await startEndedBy("SIGINT", "porto");
    expect((await regions("status")).stdout).toMatch(/porto .* killed /);

    await regions("heal", "porto");
    await eventually(async () => expect(await fromPod("rome", "porto")).toContain("porto"), 60);
    await eventually(async () => expect(await inPorto("cat", "/data/file")).toBe("kept\n"), 60);
  });

  it("are left as they are when they are brought up again", async () => {
    const running = await processesOf(["porto"]);
    expect(running.length).toBeGreaterThan(8);
    expect((await regions("up", "porto")).stderr).toContain("ready; it ran already");
    expect(await processesOf(["porto"])).toEqual(expect.arrayContaining(running));
  });

  it("have delays, or the tool says that the kernel cannot delay", async () => {
    const delayed = await regions("delay", "rome", "porto", "40").then(
      async () => {
        const start = Date.now();
        await fromPod("rome", "porto");
        await regions("delay", "rome", "porto", "0");
        return Date.now() - start >= 40;
      },
      (error: Error) => error.message.includes("This kernel cannot delay packets: it needs sch_netem"),
    );
    expect(delayed).toBe(true);
  });

  it("show the logs of their components, and name them", async () => {
    expect((await regions("logs", "porto")).stdout).toMatch(/^kubelet$/m);
    expect((await regions("logs", "porto", "kubelet")).stdout).toMatch(/kubelet/i);
    await expect(regions("logs", "porto", "kublet")).rejects.toThrow(
      "No component is called kublet: there are ",
    );
  });

  it("are named when one is meant that is not there", async () => {
    await expect(regions("kill", "paris")).rejects.toThrow(/No region is called paris: there are .*rome/);
    await expect(regions("up", "Rome")).rejects.toThrow("'Rome' is invalid");
  });

  it("leave nothing on the machine when they are taken down", async () => {
    expect(await traces(["porto"])).not.toEqual(before);
    await regions("down", "porto");
    expect(await traces(["porto"])).toEqual(before);
  });

  // `npm run campaign:regions` ends it by SIGINT too.
  it("leave nothing either when their start is killed, and they are taken down", async () => {
    await startEndedBy("SIGKILL", "porto");
    await regions("down", "porto");
    expect(await traces(["porto"])).toEqual(before);
  });
});

function inPorto(...command: string[]): Promise<string> {
  return kubectl("porto", "exec", `--namespace=${namespace}`, "client", "--", ...command);
}

async function apply(region: string, manifests: string): Promise<void> {
  const applying = kubectlProcess(region, "apply", "--filename=-");
  applying.stdin.end(manifests);
  const code = await new Promise((resolve) => applying.once("exit", resolve));
  expect(code).toBe(0);
}

function kubectlProcess(region: string, ...args: string[]) {
  return spawn(process.execPath, [tool, "kubectl", region, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
}

async function fromHost(region: string): Promise<string> {
  const response = await fetch(`http://${region}.example.com:30080/`, { signal: AbortSignal.timeout(3000) });
  return response.text();
}

/** What a pod of one region gets from the node port of another. */
function fromPod(region: string, other: string): Promise<string> {
  const request = `exec 3<>/dev/tcp/${other}.example.com/30080 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
  return kubectl(
    region,
    ...["exec", `--namespace=${namespace}`, "client", "--"],
    ...["timeout", "3", "bash", "-c", request],
  );
}
