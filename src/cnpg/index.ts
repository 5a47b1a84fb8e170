export * from "./args";
export * from "./certificates-args";
export * from "./pooler-args";
export * from "./backup-args";
export { CnpgPostgres } from "./cnpg-postgres";
export * from "./database-args";
export * from "./origin-args";
export type { ExternalWriterArgs, LoginArgs } from "./external-writer";
export type { ResourcesArgs } from "../kubernetes/resources-args";
