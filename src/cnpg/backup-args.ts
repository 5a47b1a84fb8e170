/** How a key of a secret is used to get into an object store. Which ones a store takes is in `ObjectStoreArgs`. */
export type StoreCredential =
  | "accessKeyId"
  | "secretAccessKey"
  | "sessionToken"
  | "region"
  | "applicationCredentials"
  | "connectionString"
  | "storageAccount"
  | "storageKey"
  | "storageSasToken";

/** The credentials of an object store, by the keys of a secret. */
export interface StoreCredentialsArgs {
  /** The secret of the namespace that holds them: one of `sharedSecrets`, for instance. */
  secret: string;

  /** Under which key of the secret each of them is, such as `{ accessKeyId: "ID", secretAccessKey: "KEY" }`. */
  keys: Partial<Record<StoreCredential, string>>;
}

/** Where backups and the log are kept: S3 and what speaks like it, Google Cloud Storage or Azure Blob Storage. */
export interface ObjectStoreArgs {
  /**
   * Where in which store: `s3://BUCKET/PATH`, `gs://BUCKET/PATH`, or
   * `https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH`. Regions may share it: in it each has a folder of its
   * own, named as its `Cluster`. Topologies of the same name may not, one that is recovered from another included: a
   * region archives into no folder in which there is another's log.
   */
  destinationPath: string;

  /**
   * The URL of the store's service, for a store that is not its cloud's own: MinIO, for instance.
   *
   * @default the cloud's
   */
  endpointUrl?: string;

  /**
   * The authority that signed the certificate of the store's service: a secret of the namespace, one of `sharedSecrets`
   * for instance, and its key with the PEM.
   *
   * @default the authorities of the plugin's image
   */
  endpointCa?: { secret: string; key: string };

  /**
   * The credentials. For S3: `accessKeyId` and `secretAccessKey`, with `sessionToken` and `region` or without. For
   * Google: `applicationCredentials`. For Azure: `connectionString`, or `storageAccount` with `storageKey` or
   * `storageSasToken`.
   *
   * @default those of the pod's environment: an IAM role, Workload Identity, or Azure AD, which
   *   `serviceAccountAnnotations` gives the pods
   */
  credentials?: StoreCredentialsArgs;
}

/**
 * Backups of a region, by CloudNativePG's plugin barman-cloud, version 0.6.0 at least, which has to be in the region's
 * cluster; 0.14.0 was tried. Whichever role the region has, its log is archived as long as this is given. Giving it, or
 * taking it away, restarts the region's servers. Restarts wait for no session to end.
 *
 * A handover takes longer: by a restart, since a writer archives otherwise than a reader, and by half a dozen calls of
 * the plugin, since the old writer archives its last log first, and the new one looks into its archive for what may
 * have come after that. Each call takes a second, and more where the machine is busy.
 */
export interface BackupArgs extends ObjectStoreArgs {
  /**
   * When a base backup is taken: cron with seconds first, such as `0 0 3 * * *` for every night at three, in the time
   * zone of the operator. Without one, what is archived cannot be recovered. In a region that follows it lasts until
   * the writer ends a file of its log, which takes five minutes at most where anything is written.
   *
   * @default never
   */
  schedule?: string;

  /**
   * For how long one can go back: `30d`, `8w` or `12m`. What is older is taken away.
   *
   * @default for ever
   */
  retention?: string;

  /**
   * How the log is compressed.
   *
   * @default not at all
   */
  walCompression?: "bzip2" | "gzip" | "lz4" | "snappy" | "xz" | "zstd";

  /**
   * How base backups are compressed.
   *
   * @default not at all
   */
  dataCompression?: "bzip2" | "gzip" | "snappy";
}
