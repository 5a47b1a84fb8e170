// Runs a command that needs AWS against MiniStack, which is started for it and taken away again.

import { spawn } from "node:child_process";

import { exitWith } from "./bootstrap/exit.mjs";
import { startMiniStack } from "./ministack/server.mjs";

const [program, ...args] = process.argv.slice(2);
let child;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child?.kill(signal));

try {
  const ministack = await startMiniStack();
  process.exitCode = await run(ministack.env);
  await ministack.stop();
} catch (error) {
  exitWith(error);
}

function run(environment) {
  return new Promise((resolve) => {
    child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
    child.on("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
