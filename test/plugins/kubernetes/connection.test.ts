import { Agent } from "node:http";
import { Socket } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node" with { "resolution-mode": "import" };

import type * as Connections from "../../../tools/plugins/kubernetes/connection.mjs" with {
  "resolution-mode": "import",
};

const { Connection } = jest.requireActual<typeof Connections>(
  "../../../tools/plugins/kubernetes/connection.mjs",
);

/** Of a server that is gone: nobody refuses, nobody answers. */
class SilentAgent extends Agent {
  override createConnection() {
    return Object.assign(new Socket(), { connecting: true });
  }
}

const kubeconfig = {
  getCurrentCluster: () => ({ server: "http://192.0.2.1:6443" }),
  getCurrentUser: () => null,
  applyToHTTPSOptions: (options: { agent?: Agent }) => {
    options.agent = new SilentAgent();
    return Promise.resolve();
  },
} as unknown as KubeConfig;

afterEach(() => jest.useRealTimers());

test("a server that cannot be reached is given up after the real provider's 30 seconds", async () => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
  const settled = jest.fn();
  const connection = new Connection(kubeconfig, new AbortController().signal);
  void connection.send({ method: "GET", path: "/api" }).catch(String).then(settled);
  await jest.advanceTimersByTimeAsync(29_900);
  expect(settled).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(200);
  expect(settled).toHaveBeenCalledWith(
    'Error: Get "http://192.0.2.1:6443/api": dial tcp 192.0.2.1:6443: i/o timeout',
  );
});
