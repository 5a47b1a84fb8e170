export * from "./topology";
export * from "./endpoints";
export { PostgresSecrets, type KeyPair } from "./secrets/postgres-secrets";
export type { KeyPairArgs, PostgresSecretsArgs, SecretsArgs } from "./secrets/args";
