import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";

import { dieBy, SIGNALS, Stop } from "./exit.mjs";

const SAME_KEYPRESS = 500;
const LONGEST_END = 10_000;

/**
 * Runs the command on our stdio and ends as it ends. Each signal reaches it exactly once: pulumi takes a
 * second interrupt for an order to stop without cleaning up.
 */
export async function runCommand([program, ...args], env) {
  // On a terminal Ctrl-C goes to the whole process group, so to the command without our doing; the command has
  // to stay in that group to read the terminal. Elsewhere it gets a group of its own, and we do what a terminal
  // does.
  const terminal = isatty(0);
  const child = spawn(program, args, { env, stdio: "inherit", detached: !terminal });

  const last = {};
  const pass = (signal) => {
    if (terminal && signal !== "SIGTERM") return;
    // npm passes signals on to us as well, so one that was sent to the group comes twice.
    const repeated = Date.now() - (last[signal] ?? 0) < SAME_KEYPRESS;
    last[signal] = Date.now();
    if (!repeated) send(terminal ? child.pid : -child.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);

  const { code, signal } = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Stop(`${program} cannot be run: ${error.message}`, 127)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  if (!terminal && Object.keys(last).length > 0) await endOf(child.pid);
  for (const signal of SIGNALS) process.off(signal, pass);
  if (signal) dieBy(signal);
  else process.exitCode = code;
}

/** Whoever was interrupted with the command may need a moment longer than it; nobody stays for good. */
async function endOf(group) {
  for (const end = Date.now() + LONGEST_END; send(-group, 0); await sleep(50)) {
    if (Date.now() > end) return void send(-group, "SIGKILL");
  }
}

/** Sends a signal to a process, or to a group by its negative number. Says whether there was anybody. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
