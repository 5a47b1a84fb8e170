import { spawn } from "node:child_process";
import { isatty } from "node:tty";

import { dieBy, SIGNALS, Stop } from "./exit.mjs";

const SAME_KEYPRESS = 500;

/**
 * Runs the command on our stdio and ends as it ends. Each signal reaches it exactly once: pulumi takes a
 * second interrupt for an order to stop without cleaning up.
 */
export async function runCommand([program, ...args], env) {
  // On a terminal Ctrl-C goes to the whole process group, so to the command without our doing; the command has
  // to stay in that group to read the terminal. Elsewhere it gets a group of its own, and signals by us alone.
  const terminal = isatty(0);
  const child = spawn(program, args, { env, stdio: "inherit", detached: !terminal });

  const last = {};
  const pass = (signal) => {
    if (terminal && signal !== "SIGTERM") return;
    // npm passes signals on to us as well, so one that was sent to the group comes twice.
    const repeated = Date.now() - (last[signal] ?? 0) < SAME_KEYPRESS;
    last[signal] = Date.now();
    if (!repeated) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);

  const { code, signal } = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Stop(`${program} cannot be run: ${error.message}`, 127)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  for (const signal of SIGNALS) process.off(signal, pass);
  if (signal) dieBy(signal);
  else process.exitCode = code;
}
