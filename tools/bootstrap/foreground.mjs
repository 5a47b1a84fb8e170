import { spawn } from "node:child_process";

let child;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child?.kill(signal));

/** Runs a program that has the terminal and the signals, and gives its exit code. */
export function runInForeground(program, args, environment = {}) {
  return new Promise((resolve) => {
    child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    child.on("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
