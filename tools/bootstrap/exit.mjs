import { constants } from "node:os";

import { say } from "./progress.mjs";

/** A failure that its message explains in full: shown without a stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

class Interrupted extends Error {
  constructor(signal) {
    super(`Interrupted by ${signal}.`);
    this.signal = signal;
  }
}

export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

const interruption = new AbortController();

/** Aborted at the first signal while preparing; whoever waits for something longer listens to it. */
export const interrupted = interruption.signal;

/** Runs `work` so that a signal lets every `finally` in it clean up before the process ends by that signal. */
export async function untilInterrupted(work) {
  const abort = (signal) => interruption.abort(new Interrupted(signal));
  for (const signal of SIGNALS) process.on(signal, abort);
  try {
    const result = await work();
    interrupted.throwIfAborted();
    return result;
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort);
  }
}

/** Dies by `signal`, as the shell or npm above us expects of a program that was interrupted. */
export function dieBy(signal) {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}

export function exitWith(error) {
  const cause = interrupted.aborted ? interrupted.reason : error;
  if (cause instanceof Interrupted) {
    say("Interrupted. Nothing is left running, and the next run takes up what was not finished.");
    dieBy(cause.signal);
  } else if (cause instanceof Stop) {
    say(cause.message);
    process.exitCode = cause.exitCode;
  } else {
    say(cause.stack);
    process.exitCode = 1;
  }
}
