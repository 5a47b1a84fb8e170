import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { eventually } from "../support/eventually";
import { signal } from "../support/processes";
import { areOurs, kubectl, regions, state, tool } from "../support/regions";

const run = promisify(execFile);
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

(areOurs ? describe : describe.skip)("regions on this machine", () => {
  beforeAll(async () => {
    await regions("up", "rome", "lisbon");
    for (const region of ["rome", "lisbon"]) {
      await apply(region, app.replace("REGION_NAME", region));
      await kubectl(region, "wait", "pod", "--all", `--namespace=${namespace}`, "--for=condition=Ready");
    }
  });
  afterAll(async () => {
    for (const region of ["rome", "lisbon"]) {
      await kubectl(region, "delete", "namespace", namespace, "--ignore-not-found");
    }
  });

  it.each(["rome", "lisbon"])("%s is a whole node, with the operator", async (region) => {
    expect(await kubectl(region, "get", "nodes")).toMatch(new RegExp(`${region} +Ready `));
    const pods = await kubectl(region, "get", "pods", "--all-namespaces");
    expect(pods).toMatch(/cnpg-system +cnpg-controller-manager-\S+ +1\/1 +Running/);
  });

  it("has its node ports reached by name: from the host, and from the pods of another region", async () => {
    expect(await fromHost("lisbon")).toContain('"region":"lisbon"');
    expect(await fromPod("rome", "lisbon")).toContain('"region":"lisbon"');
    expect(await fromPod("lisbon", "rome")).toContain('"region":"rome"');
  });

  it("is cut off from one other region by a partition, until they are joined", async () => {
    await regions("partition", "rome", "lisbon");
    expect((await regions("status")).stdout).toMatch(/rome .* cut off from lisbon /);
    await expect(fromPod("rome", "lisbon")).rejects.toThrow();
    await expect(fromPod("lisbon", "rome")).rejects.toThrow();
    expect(await fromHost("rome")).toContain("rome");
    expect(await fromHost("lisbon")).toContain("lisbon");
    await regions("partition", "lisbon", "rome"); // once more changes nothing
    await regions("join", "rome", "lisbon");
    expect(await fromPod("rome", "lisbon")).toContain("lisbon");
    expect(await fromPod("lisbon", "rome")).toContain("rome");
  });

  it("is gone at once when it is killed, and comes back with its volumes", async () => {
    const inLisbon = (...command: string[]) =>
      kubectl("lisbon", "exec", `--namespace=${namespace}`, "client", "--", ...command);
    await inLisbon("sh", "-c", "echo kept > /data/file");
    await regions("kill", "lisbon");
    expect(await processesOf("lisbon")).toEqual([]);
    await expect(fromHost("lisbon")).rejects.toThrow();
    await expect(fromPod("rome", "lisbon")).rejects.toThrow();
    expect((await regions("status")).stdout).toMatch(/lisbon .* killed /);

    await regions("heal", "lisbon");
    await eventually(async () => expect(await fromPod("rome", "lisbon")).toContain("lisbon"), 60);
    await eventually(async () => expect(await inLisbon("cat", "/data/file")).toBe("kept\n"), 60);
  });

  it("is left as it is when it is brought up again", async () => {
    const before = await processesOf("rome");
    expect(before.length).toBeGreaterThan(8);
    expect((await regions("up", "rome")).stderr).toContain("ready; it ran already");
    expect(await processesOf("rome")).toEqual(expect.arrayContaining(before));
  });

  it("delays packets, or says that the kernel cannot", async () => {
    const delayed = await regions("delay", "rome", "lisbon", "40").then(
      async () => {
        const start = Date.now();
        await fromPod("rome", "lisbon");
        await regions("delay", "rome", "lisbon", "0");
        return Date.now() - start >= 40;
      },
      (error: Error) => error.message.includes("This kernel cannot delay packets: it needs sch_netem"),
    );
    expect(delayed).toBe(true);
  });

  it("shows the logs of its components, and names them", async () => {
    expect((await regions("logs", "rome")).stdout).toMatch(/^kubelet\.log$/m);
    expect((await regions("logs", "rome", "kubelet")).stdout).toMatch(/kubelet/i);
    await expect(regions("logs", "rome", "kublet")).rejects.toThrow(
      "No component is called kublet: there are ",
    );
  });

  it("says which regions there are when one is meant that is not", async () => {
    await expect(regions("kill", "paris")).rejects.toThrow(/No region is called paris: there are .*rome/);
    await expect(regions("up", "Rome")).rejects.toThrow("'Rome' is invalid");
  });

  it("leaves nothing on the machine when it is taken down", async () => {
    const before = await traces("porto");
    await regions("up", "porto");
    expect(await traces("porto")).not.toEqual(before);
    await regions("down", "porto");
    expect(await traces("porto")).toEqual(before);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "leaves nothing either when its start is ended by %s, and it is taken down",
    async (end) => {
      const before = await traces("porto");
      const starting = spawn(process.execPath, [tool, "up", "porto"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const ended = new Promise((resolve) => starting.once("exit", resolve));
      await new Promise<void>((resolve) => {
        starting.stderr.on("data", (text: Buffer) => text.includes("API server answers") && resolve());
      });
      signal(starting.pid!, end);
      await ended;
      if (end === "SIGKILL") {
        await regions("down", "porto");
      }
      // A kubectl of the killed tool may still be trying.
      await eventually(async () => expect(await traces("porto")).toEqual(before), 30);
    },
  );
});

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

/** The processes that work in the folder of a region. */
async function processesOf(region: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return pids.filter((_, index) => lines[index]!.includes(`${state}/${region}`)).sort();
}

/** Whatever a region has outside of itself. */
async function traces(region: string) {
  const { stdout: links } = await run("ip", ["-brief", "link"]);
  const { stdout: rules } = await run("iptables-save");
  const groups = await run("find", ["/sys/fs/cgroup", "-path", `*/regions/${region}`]);
  return {
    processes: await processesOf(region),
    links: links.split("\n").map((line) => line.split(/[@ ]/)[0]),
    namespaces: (await readdir("/run/netns")).sort(),
    rules: rules.split("\n").filter((line) => line.startsWith("-A")),
    mounts: (await readFile("/proc/self/mountinfo", "utf8")).split("\n").length,
    groups: groups.stdout,
    hosts: await readFile("/etc/hosts", "utf8"),
    folder: existsSync(`${state}/${region}`),
  };
}
