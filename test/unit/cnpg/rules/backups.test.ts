import { names, refusesEach, wrong, type Fault } from "./faults";

const bucket = "must be s3://BUCKET/PATH, gs://BUCKET/PATH, or the https:// URL of a container of Azure's";
const schedule = "must be cron with seconds first, such as 0 0 3 * * *";
const retention = "must be a number of days, weeks or months, such as 30d, 8w or 12m";
const credentialKeys = "defaults.backup.credentials.keys";

/** The keys of a store's credentials, and the store's path. */
function keys(given: object, reason: string, destinationPath = "s3://backups", path = credentialKeys): Fault {
  return [
    `${Object.keys(given).join(" and ")} for ${destinationPath}`,
    ({ defaults }) =>
      Object.assign(defaults.backup, { destinationPath, credentials: { secret: "app-keys", keys: given } }),
    `${path}: ${reason}`,
  ];
}

const faults: Fault[] = [
  [
    "backups to nowhere",
    ({ defaults }) => delete defaults.backup.destinationPath,
    `defaults.backup.destinationPath: is missing: ${bucket}`,
  ],
  wrong("defaults.backup.destinationPath", "/backups", `${bucket}, not "/backups"`),
  wrong(
    "defaults.backup.endpointUrl",
    "minio:9000",
    'must be the URL of a service, such as https://minio.example.com, not "minio:9000"',
  ),
  wrong("defaults.backup.endpointCA", {}, 'unknown property, did you mean "endpointCa"?'),
  wrong("defaults.backup.endpointCa", "PEM", 'must be an object of properties, not "PEM"'),
  wrong(
    "defaults.backup.endpointCa.key",
    "a/b",
    'must be the key of the secret with the certificate, not "a/b"',
  ),
  [
    "the authority of no service",
    ({ defaults }) => delete defaults.backup.endpointUrl,
    "defaults.backup.endpointCa: must not be given without endpointUrl: a cloud's own store has a public certificate",
  ],
  wrong("defaults.backup.schedule", "0 3 * * *", `${schedule}, not "0 3 * * *"`),
  wrong("defaults.backup.schedule", "0 0 3 * * 7", `${schedule}, not "0 0 3 * * 7"`),
  wrong("defaults.backup.schedule", "0 0 3 5-1 * *", `${schedule}, not "0 0 3 5-1 * *"`),
  wrong("defaults.backup.schedule", "0 */0 3 * * *", `${schedule}, not "0 */0 3 * * *"`),
  wrong("defaults.backup.schedule", "@daily", `${schedule}, not "@daily"`),
  wrong("defaults.backup.retention", "30", `${retention}, not "30"`),
  wrong(
    "defaults.backup.walCompression",
    "zip",
    'must be one of bzip2, gzip, lz4, snappy, xz, zstd, not "zip"',
  ),
  wrong("defaults.backup.dataCompression", "zstd", 'must be one of bzip2, gzip, snappy, not "zstd"'),
  wrong("defaults.backup.credentials.secret", "App", `must be the name of a secret: ${names}, not "App"`),
  wrong("defaults.backup.credentials.keys.region", "a/b", 'must be a key of the secret, not "a/b"'),
  keys({ accessKeyId: "ID" }, 'must be accessKeyId and secretAccessKey, not "accessKeyId"'),
  keys({}, 'must be applicationCredentials, not ""', "gs://backups"),
  keys(
    { storageAccount: "ACCOUNT" },
    'must be connectionString, or storageAccount and storageKey, or storageAccount and storageSasToken, not "storageAccount"',
    "https://me.blob.core.windows.net/backups",
  ),
];

describe("CnpgPostgres, of backups,", () => {
  refusesEach(faults);
});
