import type { BackupArgs, ObjectStoreArgs, StoreCredential } from "../backup-args";
import type { CnpgRegionPlan } from "../plan";
import type { PluginSpec, SecretKey } from "./cluster-types";
import { compact } from "./compact";

const plugin = "barman-cloud.cloudnative-pg.io";

/** The spec of an `ObjectStore` (barmancloud.cnpg.io/v1). */
export interface ObjectStoreSpec {
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly retentionPolicy?: string;
}

/** The spec of a `ScheduledBackup` (postgresql.cnpg.io/v1). */
export interface ScheduledBackupSpec {
  readonly schedule: string;
  readonly cluster: { readonly name: string };
  readonly method: "plugin";
  readonly pluginConfiguration: { readonly name: string };
}

/** Which credentials a store takes, and what it takes in their place if there are none. */
export interface Cloud {
  readonly field: "s3Credentials" | "googleCredentials" | "azureCredentials";
  readonly inherited: string;
  /** Any of these, each with all that is in it. */
  readonly required: readonly (readonly StoreCredential[])[];
  readonly optional: readonly StoreCredential[];
}

/** Whose store a path is in, by its scheme. */
export const clouds: Readonly<Record<"s3" | "gs" | "https" | "http", Cloud>> = {
  s3: {
    field: "s3Credentials",
    inherited: "inheritFromIAMRole",
    required: [["accessKeyId", "secretAccessKey"]],
    optional: ["sessionToken", "region"],
  },
  gs: {
    field: "googleCredentials",
    inherited: "gkeEnvironment",
    required: [["applicationCredentials"]],
    optional: [],
  },
  https: azure(),
  // An emulator's, for instance.
  http: azure(),
};

function azure(): Cloud {
  return {
    field: "azureCredentials",
    inherited: "inheritFromAzureAD",
    required: [["connectionString"], ["storageAccount", "storageKey"], ["storageAccount", "storageSasToken"]],
    optional: [],
  };
}

/** The cloud that a path names, if it names one. */
export function cloudOf(destinationPath: string): Cloud | undefined {
  const [, scheme] = /^(s3|gs|https?):\/\/[^\s/]/.exec(destinationPath) ?? [];
  return clouds[scheme as keyof typeof clouds];
}

/** A store, as the plugin is told of it. */
export function objectStoreSpec(
  store: ObjectStoreArgs & Pick<BackupArgs, "retention" | "walCompression" | "dataCompression">,
): ObjectStoreSpec {
  const { destinationPath, endpointUrl, endpointCa, credentials, retention } = store;
  const { walCompression, dataCompression } = store;
  const { field, inherited } = cloudOf(destinationPath)!;
  const keys = Object.entries(credentials?.keys ?? {}).map(([credential, key]): [string, SecretKey] => [
    credential,
    { name: credentials!.secret, key },
  ]);
  return compact<ObjectStoreSpec>({
    configuration: compact({
      destinationPath,
      endpointURL: endpointUrl,
      endpointCA: endpointCa && { name: endpointCa.secret, key: endpointCa.key },
      [field]: credentials === undefined ? { [inherited]: true } : Object.fromEntries(keys),
      wal: walCompression && { compression: walCompression },
      data: dataCompression && { compression: dataCompression },
    }),
    retentionPolicy: retention,
  });
}

/** The plugin, as a `Cluster` is told of it: which store, and whose folder in it. */
export function barmanCloud(store: string, serverName: string): PluginSpec {
  return { name: plugin, parameters: { barmanObjectName: store, serverName } };
}

/** When base backups of a region are taken. */
export function scheduledBackupSpec({ cluster }: CnpgRegionPlan, schedule: string): ScheduledBackupSpec {
  return { schedule, cluster: { name: cluster }, method: "plugin", pluginConfiguration: { name: plugin } };
}
