import type { KubernetesApi } from "../../../src/kubernetes/api";
import { TransientError } from "../../../src/kubernetes/transient";
import { RegionCluster } from "../../../src/cnpg/kubernetes/region";
import { FakeClock } from "./fake-clock";

const access = { region: "rome", kubeconfig: "", context: "", namespace: "here", cluster: "db-rome" };
const busy = new TransientError("rome: too many requests", false);

/** A region whose API server gives these answers, and the last of them for ever. */
function region(...answers: (object | Error)[]) {
  const read = jest.fn(async () => {
    const next = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (next instanceof Error) {
      throw next;
    }
    return next;
  });
  const time = new FakeClock();
  return { region: new RegionCluster(access, { read } as unknown as KubernetesApi, time), read, time };
}

const isReady = (live: unknown) => (live as { ready?: boolean }).ready === true || "it is not ready";

describe("waiting for a region", () => {
  it("outlasts failures that may pass", async () => {
    const { region: rome } = region({}, busy, busy, {}, busy, { ready: true });
    expect(await rome.waitFor(60, isReady)).toEqual({ ready: true });
  });

  it("outlasts failures of what is done meanwhile", async () => {
    const { region: rome } = region({ ready: true });
    let failures = 3;
    const expected = async () => {
      if (failures-- > 0) {
        throw busy;
      }
      return true as const;
    };
    expect(await rome.waitFor(60, expected)).toEqual({ ready: true });
  });

  it("ends at its deadline, and tells what is missing", async () => {
    const { region: rome, time } = region({});
    await expect(rome.waitFor(60, isReady)).rejects.toThrow("rome: after 60 s it is not ready");
    expect(time.now() / 1000).toBeCloseTo(60, 0);
  });

  it("ends at its deadline, and tells what the API server said last", async () => {
    const { region: rome } = region({}, busy);
    await expect(rome.waitFor(60, isReady)).rejects.toThrow("rome: too many requests, for 60 s");
  });

  it("ends at once with what does not pass", async () => {
    const { region: rome, read } = region({}, new Error("rome: forbidden"));
    await expect(rome.waitFor(60, isReady)).rejects.toThrow("rome: forbidden");
    expect(read).toHaveBeenCalledTimes(2);
  });
});
