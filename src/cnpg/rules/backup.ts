import { at, isRecord, mismatch, notObject, notOneOf, shown, type Failure, type Unknowns } from "../../rules";
import type { BackupArgs, ObjectStoreArgs, StoreCredential, StoreCredentialsArgs } from "../backup-args";
import { cloudOf, type Cloud } from "../manifests/backup-spec";
import { isDataKey, isSubdomain } from "../../kubernetes/formats";
import { missing, objectFailures } from "../../rule-shapes";
import { isSchedule } from "./schedule";

// The compiler keeps these lists complete.
export const storeProperties: Record<keyof ObjectStoreArgs, true> = {
  destinationPath: true,
  endpointUrl: true,
  endpointCa: true,
  credentials: true,
};
const backupProperties: Record<keyof BackupArgs, true> = {
  ...storeProperties,
  schedule: true,
  retention: true,
  walCompression: true,
  dataCompression: true,
};
const caProperties: Record<keyof NonNullable<ObjectStoreArgs["endpointCa"]>, true> = {
  secret: true,
  key: true,
};
const credentialsProperties: Record<keyof StoreCredentialsArgs, true> = { secret: true, keys: true };

/** What is wrong with a region's backups by themselves. */
export function backupFailures(path: string, backup: unknown): Generator<Failure> {
  return objectFailures(path, backup, Object.keys(backupProperties), function* (given) {
    const own = (property: keyof BackupArgs) => [at(path, property), given[property]] as const;
    yield* storeFailures(path, given);
    yield* mismatch(...own("schedule"), isSchedule, "cron with seconds first, such as 0 0 3 * * *");
    yield* mismatch(
      ...own("retention"),
      isRetention,
      "a number of days, weeks or months, such as 30d, 8w or 12m",
    );
    yield* notOneOf(...own("walCompression"), ["bzip2", "gzip", "lz4", "snappy", "xz", "zstd"]);
    yield* notOneOf(...own("dataCompression"), ["bzip2", "gzip", "snappy"]);
  });
}

function isRetention(value: unknown): boolean {
  return typeof value === "string" && /^[1-9]\d*[dwm]$/.test(value);
}

const place = "s3://BUCKET/PATH, gs://BUCKET/PATH, or the https:// URL of a container of Azure's";

/** What is wrong with a store, among the properties of what has it. */
export function* storeFailures(path: string, given: Unknowns): Generator<Failure> {
  const own = (property: keyof ObjectStoreArgs) => [at(path, property), given[property]] as const;
  const isPlace = (value: unknown) =>
    typeof value === "string" && !/\s/.test(value) && cloudOf(value) !== undefined;
  const destination = given["destinationPath"];
  yield* missing(...own("destinationPath"), place);
  yield* mismatch(...own("destinationPath"), isPlace, place);
  yield* mismatch(...own("endpointUrl"), isUrl, "the URL of a service, such as https://minio.example.com");
  yield* authorityFailures(...own("endpointCa"), given["endpointUrl"]);
  const cloud = typeof destination === "string" ? cloudOf(destination) : undefined;
  yield* credentialsFailures(...own("credentials"), cloud);
}

function authorityFailures(path: string, authority: unknown, url: unknown): Generator<Failure> {
  return objectFailures(path, authority, Object.keys(caProperties), function* ({ secret, key }) {
    yield* secretFailures(at(path, "secret"), secret);
    yield* missing(at(path, "key"), key, "the key of the secret with the certificate");
    yield* mismatch(at(path, "key"), key, isDataKey, "the key of the secret with the certificate");
    if (url === undefined) {
      const reason = "must not be given without endpointUrl: a cloud's own store has a public certificate";
      yield { propertyPath: path, reason };
    }
  });
}

function* secretFailures(path: string, secret: unknown): Generator<Failure> {
  const named = "the name of a secret: lower-case letters, digits, hyphens and dots";
  yield* missing(path, secret, named);
  yield* mismatch(path, secret, isSubdomain, named);
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\/[^\s/]/.test(value) && URL.canParse(value);
}

function credentialsFailures(
  path: string,
  credentials: unknown,
  cloud: Cloud | undefined,
): Generator<Failure> {
  return objectFailures(path, credentials, Object.keys(credentialsProperties), function* ({ secret, keys }) {
    yield* secretFailures(at(path, "secret"), secret);
    yield* missing(at(path, "keys"), keys, "keys of the secret, by credential");
    yield* notObject(at(path, "keys"), keys, "keys of the secret, by credential");
    if (isRecord(keys) && cloud !== undefined) {
      yield* keysFailures(at(path, "keys"), keys, cloud);
    }
  });
}

function* keysFailures(path: string, keys: Unknowns, { required, optional }: Cloud): Generator<Failure> {
  const given = Object.keys(keys).filter((name) => keys[name] !== undefined);
  const taken: readonly string[] = [...required.flat(), ...optional];
  for (const name of given) {
    yield* mismatch(at(path, name), keys[name], isDataKey, "a key of the secret");
    if (!taken.includes(name)) {
      yield {
        propertyPath: at(path, name),
        reason: `is no credential of this store: it takes ${[...new Set(taken)].join(", ")}`,
      };
    }
  }
  const needed = given.filter((name) => !optional.includes(name as StoreCredential));
  const isComplete = required.some(
    (set) => set.length === needed.length && set.every((name) => needed.includes(name)),
  );
  if (!isComplete) {
    const choices = required.map((set) => set.join(" and ")).join(", or ");
    yield { propertyPath: path, reason: `must be ${choices}, not ${shown(needed.join(" and "))}` };
  }
}
