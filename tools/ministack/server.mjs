import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Stop } from "../bootstrap/exit.mjs";
import { ensureMiniStack, serviceModels } from "./install.mjs";

const PATIENCE = 60_000;
const PATIENCE_AT_THE_END = 5_000;
const ATTEMPTS = 3;

/**
 * Starts MiniStack on a free loopback port, with nothing in it.
 * @returns its endpoint, what the environment of AWS clients needs to find it, and how to end it
 */
export async function startMiniStack() {
  const ministack = await ensureMiniStack();
  const models = { AWS_SERVICE_MODELS: await serviceModels() };
  for (let attempt = 1; ; attempt++) {
    try {
      const started = await startOn(await freePort(), ministack);
      return { ...started, env: { ...started.env, ...models } };
    } catch (error) {
      // Somebody else may have taken the port.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOn(port, { program, args, env }) {
  const folder = mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), "ministack-"));
  const child = spawn(program, args, {
    // A group of its own: Ctrl-C is for whoever uses it, who then ends it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, ...settings(port, folder) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => (output = (output + data).slice(-10_000)));
  }
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_AT_THE_END);
      await exit;
      clearTimeout(killer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const failure = await Promise.race([ended, whenReady(endpoint)]);
  if (failure !== undefined) {
    await stop();
    throw new Stop(`MiniStack does not start: ${failure}.\n${output.trimEnd()}`);
  }
  return { endpoint, port, pid: child.pid, env: clientEnvironment(endpoint), stop };
}

function settings(port, folder) {
  return {
    GATEWAY_PORT: String(port),
    BIND_HOST: "127.0.0.1",
    TMPDIR: folder,
    SFTP_ENABLED: "0",
    IOT_MTLS_ENABLED: "0",
    PERSIST_STATE: "0",
    LOG_LEVEL: "WARNING",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** What makes an AWS client find MiniStack, in an account that is none of the user's. */
function clientEnvironment(endpoint) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "111122223333", // twelve digits are the account
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function whenReady(endpoint) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return undefined;
  }
  return `it does not answer within ${PATIENCE / 1000} s`;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
