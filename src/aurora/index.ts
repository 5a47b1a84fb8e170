import "./needs";
export * from "./args";
export { AuroraPostgres } from "./aurora-postgres";
export type { AuroraRegion } from "./outputs";
