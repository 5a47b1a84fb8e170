import { at, mismatch, notBoolean, notOneOf, notWholeNumber, type Failure, type Unknowns } from "../../rules";
import type { CnpgClusterArgs, MonitoringArgs, SynchronousArgs, VolumeArgs } from "../args";
import { backupFailures } from "./backup";
import { extensionImagesFailures } from "./extension-images";
import { majorOf } from "./formats";
import { podFailures, podProperties } from "./pods";
import { poolersFailures } from "./pooler";
import { affinityFailures, spreadFailures } from "./scheduling";
import { isDataKey, isSubdomain, quantityOf } from "../../kubernetes/formats";
import { resourcesFailures } from "../../kubernetes/resources-rules";
import { listFailures, missing, objectFailures } from "../../rule-shapes";

type ImageCatalog = NonNullable<CnpgClusterArgs["imageCatalog"]>;
type ConfigMapKey = NonNullable<MonitoringArgs["customQueriesConfigMaps"]>[number];

// The compiler keeps these lists complete.
export const clusterProperties: Record<keyof CnpgClusterArgs, true> = {
  instances: true,
  image: true,
  imageCatalog: true,
  imagePullSecrets: true,
  storage: true,
  walStorage: true,
  resources: true,
  affinity: true,
  topologySpreadConstraints: true,
  sharedPreloadLibraries: true,
  extensionImages: true,
  synchronous: true,
  synchronizeLogicalDecoding: true,
  primaryUpdateMethod: true,
  monitoring: true,
  logLevel: true,
  podDisruptionBudget: true,
  readOnlyServices: true,
  poolers: true,
  backup: true,
  ...podProperties,
};
const catalogProperties: Record<keyof ImageCatalog, true> = { name: true, major: true, kind: true };
const volumeProperties: Record<keyof VolumeArgs, true> = { size: true, storageClass: true };
const synchronousProperties: Record<keyof SynchronousArgs, true> = {
  method: true,
  number: true,
  dataDurability: true,
  failoverQuorum: true,
};
const monitoringProperties: Record<keyof MonitoringArgs, true> = {
  podMonitor: true,
  customQueriesConfigMaps: true,
};
const configMapKeyProperties: Record<keyof ConfigMapKey, true> = { name: true, key: true };

/** What is wrong with the wishes of a region, or with those of all, by themselves. `path` is where they are. */
export function* clusterFailures(path: string, wishes: Unknowns): Generator<Failure> {
  const own = (property: keyof CnpgClusterArgs) => [at(path, property), wishes[property]] as const;
  yield* notWholeNumber(...own("instances"), 1, 20);
  yield* imageFailures(path, wishes);
  yield* listFailures(...own("imagePullSecrets"), "secrets' names", (item, name) =>
    nameFailures(item, name, "a secret"),
  );
  yield* volumeFailures(...own("storage"));
  yield* volumeFailures(...own("walStorage"));
  yield* resourcesFailures(...own("resources"));
  yield* affinityFailures(...own("affinity"));
  yield* listFailures(...own("topologySpreadConstraints"), "objects", spreadFailures);
  yield* podFailures(path, wishes);
  yield* listFailures(...own("sharedPreloadLibraries"), "libraries' names", libraryFailures);
  yield* extensionImagesFailures(...own("extensionImages"));
  yield* synchronousFailures(...own("synchronous"));
  yield* notBoolean(...own("synchronizeLogicalDecoding"));
  yield* notOneOf(...own("primaryUpdateMethod"), ["restart", "switchover"]);
  yield* monitoringFailures(...own("monitoring"));
  yield* notOneOf(...own("logLevel"), ["error", "warning", "info", "debug", "trace"]);
  yield* notBoolean(...own("podDisruptionBudget"));
  yield* notBoolean(...own("readOnlyServices"));
  yield* poolersFailures(...own("poolers"));
  yield* backupFailures(...own("backup"));
}

function* imageFailures(path: string, { image, imageCatalog }: Unknowns): Generator<Failure> {
  const isVersioned = (given: unknown) => majorOf(given) !== undefined;
  const versioned =
    "an image with its version of PostgreSQL, 13 or newer, as the tag, such as postgresql:17.5";
  const catalogPath = at(path, "imageCatalog");
  const byDigest = ": a digest follows the tag, and an image by its digest alone goes into imageCatalog";
  const isByDigest = typeof image === "string" && image.includes("@sha256:");
  for (const { propertyPath, reason } of mismatch(at(path, "image"), image, isVersioned, versioned)) {
    yield { propertyPath, reason: isByDigest ? `${reason}${byDigest}` : reason };
  }
  yield* objectFailures(catalogPath, imageCatalog, Object.keys(catalogProperties), function* (catalog) {
    const own = (property: keyof ImageCatalog) => [at(catalogPath, property), catalog[property]] as const;
    yield* nameFailures(...own("name"), "a catalogue");
    yield* missing(...own("major"), "a whole number from 13 to 99");
    yield* notWholeNumber(...own("major"), 13, 99);
    yield* notOneOf(...own("kind"), ["ImageCatalog", "ClusterImageCatalog"]);
  });
  if (image !== undefined && imageCatalog !== undefined) {
    yield { propertyPath: catalogPath, reason: `must not be given beside ${at(path, "image")}` };
  }
}

function volumeFailures(path: string, volume: unknown): Generator<Failure> {
  return objectFailures(path, volume, Object.keys(volumeProperties), function* ({ size, storageClass }) {
    const isSize = (given: unknown) => (quantityOf(given) ?? 0) > 0;
    const expected = "a Kubernetes quantity of more than nothing, such as 10Gi";
    yield* missing(at(path, "size"), size, expected);
    yield* mismatch(at(path, "size"), size, isSize, expected);
    yield* mismatch(at(path, "storageClass"), storageClass, isSubdomain, named("a storage class"));
  });
}

function* libraryFailures(path: string, library: unknown): Generator<Failure> {
  const isLibrary = (given: unknown) => typeof given === "string" && /^[\w$./-]+$/.test(given);
  yield* mismatch(path, library, isLibrary, "the name of a library, such as pg_stat_statements");
}

function synchronousFailures(path: string, synchronous: unknown): Generator<Failure> {
  return objectFailures(path, synchronous, Object.keys(synchronousProperties), function* (given) {
    const own = (property: keyof SynchronousArgs) => [at(path, property), given[property]] as const;
    yield* notOneOf(...own("method"), ["any", "first"]);
    yield* missing(...own("number"), "a whole number of 1 or more");
    yield* notWholeNumber(...own("number"), 1);
    yield* notOneOf(...own("dataDurability"), ["required", "preferred"]);
    yield* notBoolean(...own("failoverQuorum"));
  });
}

function monitoringFailures(path: string, monitoring: unknown): Generator<Failure> {
  return objectFailures(path, monitoring, Object.keys(monitoringProperties), function* (given) {
    const own = (property: keyof MonitoringArgs) => [at(path, property), given[property]] as const;
    yield* notBoolean(...own("podMonitor"));
    yield* listFailures(
      ...own("customQueriesConfigMaps"),
      "ConfigMaps' names and keys",
      configMapKeyFailures,
    );
  });
}

/** Refuses all but the name of a ConfigMap and a key of it. */
export function configMapKeyFailures(path: string, reference: unknown): Generator<Failure> {
  return objectFailures(path, reference, Object.keys(configMapKeyProperties), function* ({ name, key }) {
    yield* nameFailures(at(path, "name"), name, "a ConfigMap");
    yield* missing(at(path, "key"), key, "a key of the ConfigMap");
    yield* mismatch(at(path, "key"), key, isDataKey, "a key of the ConfigMap");
  });
}

function* nameFailures(path: string, name: unknown, of: string): Generator<Failure> {
  yield* missing(path, name, named(of));
  yield* mismatch(path, name, isSubdomain, named(of));
}

function named(of: string): string {
  return `the name of ${of}: lower-case letters, digits, hyphens and dots`;
}
