import { endAll } from "./stack";

/** Does something that starts stacks. They are taken down if it fails, or on Ctrl-C. */
export async function interruptible(work: () => Promise<void>): Promise<void> {
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!interrupted) {
        interrupted = true;
        process.stderr.write("interrupted: taking down what runs\n");
        void endAll().then(
          () => process.exit(130),
          (error: Error) => {
            process.stderr.write(`${error.message}\n`);
            process.exit(1);
          },
        );
      }
    });
  }
  try {
    await work();
  } catch (error) {
    if (!interrupted) {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = 1;
      await endAll();
    }
  }
}
