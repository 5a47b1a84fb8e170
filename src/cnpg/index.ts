export * from "./args";
export * from "./certificates-args";
export * from "./pooler-args";
export { CnpgPostgres } from "./cnpg-postgres";
