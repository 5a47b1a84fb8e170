export * from "./args";
export { CnpgPostgres } from "./cnpg-postgres";
