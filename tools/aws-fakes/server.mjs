import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Stop } from "../bootstrap/exit.mjs";
import { serviceModels } from "../ministack/install.mjs";

const PATIENCE = 60_000;
const PATIENCE_AT_THE_END = 5_000;
const ATTEMPTS = 3;

/**
 * Starts a fake of the AWS API on a free loopback port, with nothing in it.
 * @param {object} fake
 * @param {string} fake.title its name for people
 * @param {{ program: string, args: string[], env: object }} fake.installed how to start it
 * @param {(port: number, folder: string) => { args?: string[], env?: object }} fake.settings the rest of that
 * @param {string} fake.health the path that answers once it is ready
 * @returns its endpoint, what the environment of AWS clients needs to find it, and how to end it
 */
export async function startFake(fake) {
  // What the plugin of AWS checks inputs against, whichever fake is behind.
  const models = { AWS_SERVICE_MODELS: await serviceModels() };
  for (let attempt = 1; ; attempt++) {
    try {
      const started = await startOn(await freePort(), fake);
      return { ...started, env: { ...started.env, ...models } };
    } catch (error) {
      // Somebody else may have taken the port.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOn(port, { title, installed, settings, health }) {
  const folder = mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), `${title.toLowerCase()}-`));
  const { args = [], env = {} } = settings(port, folder);
  const child = spawn(installed.program, [...installed.args, ...args], {
    // A group of its own: Ctrl-C goes to the program that uses it, which then ends it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...installed.env, TMPDIR: folder, PYTHONDONTWRITEBYTECODE: "1", ...env },
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
  const failure = await Promise.race([ended, whenReady(`${endpoint}${health}`)]);
  if (failure !== undefined) {
    await stop();
    throw new Stop(`${title} does not start: ${failure}.\n${output.trimEnd()}`);
  }
  return { endpoint, port, pid: child.pid, env: clientEnvironment(endpoint), stop };
}

/** What makes an AWS client find the fake, in an account that is none of the user's. */
function clientEnvironment(endpoint) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "111122223333", // twelve digits are the account
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function whenReady(url) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const answer = await fetch(url).catch(() => undefined);
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
