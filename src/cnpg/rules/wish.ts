import { quantityOf } from "../../kubernetes/formats";
import { at, isPlain, isRecord, shown, type Failure, type Unknowns } from "../../rules";
import type { CnpgClusterArgs } from "../args";
import { majorOf, sizeOf } from "./formats";
import { isOn } from "./parameter";
import { defaultParameters } from "../manifests/parameters";
import { extensionsPlaceFailures } from "./extension-images";
import { readOnlyPoolerFailures } from "./pooler";
import { defaultPort, placeOf } from "./region";

/** What is wrong with a region's wishes once those of all regions and the parameters are put to them. */
export function* wishesFailures(args: Unknowns): Generator<Failure> {
  const regions = Object.keys(recordOf(args["regions"]));
  for (const region of regions) {
    const wish = (property: keyof CnpgClusterArgs) => wishOf(args, region, property);
    yield* imageFailures(wish("image"), wish("imageCatalog"));
    yield* synchronousFailures(wish("synchronous"), wish("instances"), args["durability"]);
    yield* standbyFailures(wish("instances"), args["durability"]);
    yield* logicalDecodingFailures(
      wish("synchronizeLogicalDecoding"),
      recordOf(args["parameters"]),
      versionOf(args, region)?.major,
    );
    yield* readOnlyPoolerFailures(wish("poolers"), wish("instances"));
    yield* extensionsPlaceFailures(
      wish("extensionImages"),
      wish("imageCatalog"),
      versionOf(args, region)?.major,
    );
    yield* memoryFailures(wish("resources"), recordOf(args["parameters"]));
    yield* roomFailures(wish("storage"), wish("walStorage"), recordOf(args["parameters"]));
  }
  yield* majorFailures(args, regions);
  yield* poolerPortFailures(args, regions);
}

/** At one host every port leads to one thing. That of a region itself is looked at with its place. */
function* poolerPortFailures(args: Unknowns, regions: readonly string[]): Generator<Failure> {
  const given = regions.map((region) => ({ region, args: recordOf(recordOf(args["regions"])[region]) }));
  const taken = new Map(
    given.map(({ region, args: own }) => [
      placeOf(own, own["port"] ?? defaultPort(own)),
      at(at("regions", region), "port"),
    ]),
  );
  for (const { region, args: own } of given) {
    const poolers = wishOf(args, region, "poolers");
    for (const [kind, pooler] of Object.entries(recordOf(poolers.value))) {
      const path = at(at(poolers.path, kind), "port");
      const place = placeOf(own, recordOf(pooler)["port"]);
      const other = place === undefined ? undefined : taken.get(place);
      if (other !== undefined) {
        yield { propertyPath: path, reason: `must differ from ${other}, which is of the same host` };
      }
      taken.set(place, path);
    }
  }
}

/** Where the first pooler of any region is asked for. */
export function poolerPath(args: Unknowns): string | undefined {
  const wishes = Object.keys(recordOf(args["regions"])).map((region) => wishOf(args, region, "poolers"));
  const paths = wishes.flatMap(({ path, value }) =>
    Object.entries(recordOf(value)).flatMap(([kind, pooler]) =>
      pooler === undefined ? [] : [at(path, kind)],
    ),
  );
  return paths[0];
}

/** What a region gets, and where that is said: by the region itself, or else for all regions. */
interface Wish {
  readonly path: string;
  readonly value: unknown;
  readonly isOwn: boolean;
}

function wishOf(args: Unknowns, region: string, property: keyof CnpgClusterArgs): Wish {
  const own = recordOf(recordOf(args["regions"])[region])[property];
  return own === undefined
    ? { path: at("defaults", property), value: recordOf(args["defaults"])[property], isOwn: false }
    : { path: at(at("regions", region), property), value: own, isOwn: true };
}

/** Both given in one place is refused there. */
function* imageFailures(image: Wish, catalog: Wish): Generator<Failure> {
  if (image.value !== undefined && catalog.value !== undefined && image.isOwn !== catalog.isOwn) {
    const [own, inherited] = image.isOwn ? [image, catalog] : [catalog, image];
    yield { propertyPath: own.path, reason: `must not be given beside ${inherited.path}` };
  }
}

function* synchronousFailures(synchronous: Wish, instances: Wish, durability: unknown): Generator<Failure> {
  const { path, value } = synchronous;
  const count = instances.value ?? 1;
  if (value !== undefined && durability === "region") {
    yield { propertyPath: path, reason: 'must not be given where durability is "region", which decides it' };
  } else if (isRecord(value) && typeof count === "number" && count >= 1) {
    const { number, failoverQuorum } = value;
    const known = `${count} by ${instances.value === undefined ? "default" : instances.path}`;
    if (typeof number === "number" && number >= count) {
      const reason = `must be less than the number of instances, ${known}, not ${number}`;
      yield { propertyPath: at(path, "number"), reason };
    }
    if (failoverQuorum === true && count < 3) {
      const reason = `must not be true with fewer than 3 instances: there are ${known}`;
      yield { propertyPath: at(path, "failoverQuorum"), reason };
    }
  }
}

/**
 * With `durability: "region"` and more than one instance, a commit waits for an instance of the region too: see
 * `synchronousSpec`. Where there is only one other instance, all writes wait whenever it is away.
 */
function* standbyFailures({ path, value }: Wish, durability: unknown): Generator<Failure> {
  if (durability === "region" && value === 2) {
    const reason =
      'must be 1, or 3 or more, where durability is "region", not 2: every commit would wait for the second ' +
      "instance, and no one could write while it is away";
    yield { propertyPath: path, reason };
  }
}

/** As the operator's `validateSynchronizeLogicalDecoding`. What is not known yet may be on. */
function* logicalDecodingFailures(
  { path, value }: Wish,
  parameters: Unknowns,
  major: number | undefined,
): Generator<Failure> {
  const usesExtension = Object.keys(parameters).some((name) => name.startsWith("pg_failover_slots."));
  if (value !== true || usesExtension) {
    return;
  }
  if (major !== undefined && major < 17) {
    const reason = `must not be true with PostgreSQL ${major}, unless parameters of pg_failover_slots are given`;
    yield { propertyPath: path, reason };
    return;
  }
  const isSeen = (name: string) => parameters[name] === undefined || isPlain(parameters[name]);
  for (const name of ["hot_standby_feedback", "sync_replication_slots"].filter(isSeen)) {
    if (!isOn(parameters[name])) {
      yield { propertyPath: at("parameters", name), reason: `must be on where ${path} is true` };
    }
  }
}

/** As the operator's `validateResources`: what is set aside must hold the shared buffers, unless huge pages do. */
function* memoryFailures({ path, value }: Wish, parameters: Unknowns): Generator<Failure> {
  const [requests, limits] = [recordOf(recordOf(value)["requests"]), recordOf(recordOf(value)["limits"])];
  const [buffers, memory] = [sizeOf(parameters["shared_buffers"]), quantityOf(requests["memory"])];
  const hugePages = Object.entries({ ...requests, ...limits })
    .filter(([resource]) => resource.startsWith("hugepages-"))
    .map(([, quantity]) => quantityOf(quantity) ?? 0);
  const room = memory === undefined || memory === 0 ? Infinity : Math.max(memory, ...hugePages);
  if (buffers !== undefined && room < buffers) {
    const size = shown(parameters["shared_buffers"]);
    const reason = `must be at least shared_buffers, ${size}, not ${shown(requests["memory"])}`;
    yield { propertyPath: at(at(path, "requests"), "memory"), reason };
  }
}

/**
 * The log must fit where it is kept. The operator's `validateWalSizeConfiguration` compares the checkpoints' sizes
 * with a volume of its own; the log that is kept for other regions is there whichever volume it is on.
 */
function* roomFailures(storage: Wish, walStorage: Wish, parameters: Unknowns): Generator<Failure> {
  const { path, value: volume } = walStorage.value === undefined ? storage : walStorage;
  const size = volume === undefined ? "10Gi" : recordOf(volume)["size"];
  const ownVolume = walStorage.value === undefined ? [] : ["min_wal_size", "max_wal_size"];
  // What slots keep by default is less than what is kept without them, or the user has said how little room there is.
  const slots = parameters["max_slot_wal_keep_size"] === undefined ? [] : ["max_slot_wal_keep_size"];
  for (const name of ["wal_keep_size", ...slots, ...ownVolume]) {
    const value = parameters[name] ?? defaultParameters[name];
    const [needed, room] = [sizeOf(value), quantityOf(size)];
    if (needed !== undefined && room !== undefined && needed >= room) {
      const given = (of: unknown, isGiven: boolean) => `${shown(of)}${isGiven ? "" : " by default"}`;
      const parameter = `${name}, ${given(value, value === parameters[name])}`;
      const reason = `must be more than ${parameter}, not ${given(size, volume !== undefined)}`;
      yield { propertyPath: at(path, "size"), reason };
    }
  }
}

/** A server follows only servers of its own major version. What is not said is not known: the operator decides it. */
function* majorFailures(args: Unknowns, regions: readonly string[]): Generator<Failure> {
  const known = regions.flatMap((region) => versionOf(args, region) ?? []);
  const model = known.find(({ region }) => region === args["primary"]) ?? known[0];
  for (const { path, value } of known.filter(({ major }) => major !== model?.major)) {
    const reason = `must be of PostgreSQL ${model!.major}, as ${model!.path} is, not ${shown(value)}`;
    yield { propertyPath: path, reason };
  }
}

/** The major version of a region, and where it is said, if it is. */
function versionOf(args: Unknowns, region: string) {
  const [image, catalog] = [wishOf(args, region, "image"), wishOf(args, region, "imageCatalog")];
  const [path, value] =
    image.value === undefined
      ? [at(catalog.path, "major"), recordOf(catalog.value)["major"]]
      : [image.path, image.value];
  const major = image.value === undefined ? value : majorOf(value);
  return typeof major === "number" ? { region, path, value, major } : undefined;
}

function recordOf(value: unknown): Unknowns {
  return isRecord(value) ? value : {};
}
