/**
 * What the dynamic resources of `LocalPostgres` do. Pulumi's engine loads this module in a process of its own.
 */
export { handover } from "./handover";
export { replication } from "./replication";
export { server } from "./server";

/**
 * An engine that is killed leaves this process behind, half-way through a step. The next `up` finishes what was
 * begun, and must not meet it.
 */
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) {
    process.exit(1);
  }
}, 50).unref();
