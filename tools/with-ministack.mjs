// Runs a command that needs AWS against MiniStack, which is started for it and taken away again.

import { exitWith } from "./bootstrap/exit.mjs";
import { runInForeground } from "./bootstrap/foreground.mjs";
import { startMiniStack } from "./ministack/server.mjs";

const [program, ...args] = process.argv.slice(2);

try {
  const ministack = await startMiniStack();
  process.exitCode = await runInForeground(program, args, ministack.env);
  await ministack.stop();
} catch (error) {
  exitWith(error);
}
