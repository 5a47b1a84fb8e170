import type { LocalPostgresArgs } from "./args";
export function localFailures(_args: LocalPostgresArgs): never[] { return []; }
