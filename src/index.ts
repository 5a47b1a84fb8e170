export * from "./topology";
export * from "./connection-strings";
export {
  libpqEnvironment,
  libpqUri,
  parseLibpqUri,
  type Connection,
  type Endpoint,
  type SessionTarget,
} from "./endpoints";
export { PostgresSecrets, type KeyPair } from "./secrets/postgres-secrets";
export type { KeyPairArgs, PostgresSecretsArgs, SecretsArgs } from "./secrets/args";
