import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Measured } from "./pairs";

/** All that a program needs to import in order to declare a topology with the component. */
export const componentImports = ["pulumi-multi-region-postgres/local"];

/** All that it needs to declare the same by hand. */
export const byHandImports = [
  "@pulumi/pulumi",
  "@pulumi/random/randomPassword",
  "@pulumi/tls/certRequest",
  "@pulumi/tls/locallySignedCert",
  "@pulumi/tls/privateKey",
  "@pulumi/tls/selfSignedCert",
];

const probe = `
  global.gc();
  const before = process.memoryUsage();
  const start = process.hrtime.bigint();
  for (const name of process.argv.slice(1)) require(name);
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  const { rss } = process.memoryUsage();
  global.gc();
  const { heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ time, rss: rss - before.rss, heap: heapUsed - before.heapUsed }));
`;

/** Imports modules in a Node of its own. */
export async function measureImports(modules: readonly string[], root: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "-e", probe, ...modules], {
    cwd: root,
    env: { PATH: process.env["PATH"] },
  });
  const { time, rss, heap } = JSON.parse(stdout) as { time: number; rss: number; heap: number };
  const megabytes = (bytes: number) => ({ value: bytes / 1e6, unit: "MB" as const });
  return {
    "import: time": { value: time, unit: "ms" },
    "import: resident memory": megabytes(rss),
    "import: heap in use": megabytes(heap),
  };
}
