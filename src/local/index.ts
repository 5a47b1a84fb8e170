export { LocalPostgres } from "./local-postgres";
export type { LocalPostgresArgs, LocalRegionArgs } from "./args";
