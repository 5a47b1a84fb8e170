import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

import { interrupted, Stop } from "./exit.mjs";

const PATIENCE_AFTER_INTERRUPT = 5_000;

/**
 * Runs a program of the preparation quietly and returns what it wrote. Fails with all of that when the
 * program fails. It gets a process group of its own, so that an interrupt ends it with all its children; what
 * cleans up after an interrupt is `uninterruptible`.
 */
export async function run(
  program,
  args,
  { cwd, env, timeout, uninterruptible = false, onLine = () => {} } = {},
) {
  const interruption = uninterruptible ? new AbortController().signal : interrupted;
  interruption.throwIfAborted();
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", all: "" };
  child.stdout.on("data", (data) => {
    output.stdout += data;
    output.all += data;
  });
  child.stderr.on("data", (data) => {
    output.all += data;
    for (const line of String(data).split("\n")) if (line) onLine(line);
  });

  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  let killer;
  const end = () => {
    killGroup("SIGINT"); // on which go and npm also remove their temporary files
    killer = setTimeout(killGroup, PATIENCE_AFTER_INTERRUPT, "SIGKILL");
  };
  child.on("exit", () => {
    if (killer) killGroup("SIGKILL"); // whatever it left running
  });
  const timer = timeout && setTimeout(end, timeout);
  interruption.addEventListener("abort", end);
  try {
    const failure = await new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) =>
        resolve(code === 0 ? "" : `ended with ${signal ?? `exit code ${code}`}`),
      );
    });
    interruption.throwIfAborted();
    if (failure) throw new Stop(`${[program, ...args].join(" ")} ${failure}.\n${output.all.trimEnd()}`);
    return output.stdout;
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    interruption.removeEventListener("abort", end);
  }
}

/** The full path of the program that `PATH` gives, as execvp(3) would find it. */
export function findOnPath(program, { path = process.env.PATH ?? "", except = () => false } = {}) {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !except(folder))
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
