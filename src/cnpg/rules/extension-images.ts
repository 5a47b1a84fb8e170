import { at, isRecord, mismatch, notObject, shown, type Failure, type Unknowns } from "../../rules";
import type { ExtensionImageArgs } from "../args";
import { listFailures, objectFailures } from "../../rule-shapes";

// The compiler keeps this list complete.
const properties: Record<keyof ExtensionImageArgs, true> = { image: true, ldLibraryPath: true };

/** From which PostgreSQL looks for extensions in further directories. */
const firstMajor = 18;

/** What is wrong with the images of extensions of a region, or with those of all, by themselves. */
export function* extensionImagesFailures(path: string, extensions: unknown): Generator<Failure> {
  yield* notObject(path, extensions, "images, by the extension's name");
  const given = isRecord(extensions) ? extensions : {};
  const volumes = new Map<string, string>();
  for (const [name, extension] of Object.entries(given)) {
    const own = at(path, name);
    yield* nameFailures(own, name, volumes);
    yield* objectFailures(
      own,
      extension ?? null,
      Object.keys(properties),
      function* ({ image, ldLibraryPath }) {
        yield* mismatch(at(own, "image"), image, isImage, "an image's name");
        yield* listFailures(at(own, "ldLibraryPath"), ldLibraryPath, "directories", directoryFailures);
      },
    );
  }
}

/** As the pattern of the operator's type, and its `validateExtensions`: each is a volume, whose name has no underscore. */
function* nameFailures(path: string, name: string, volumes: Map<string, string>): Generator<Failure> {
  if (name.length > 59 || !/^[a-z0-9]([-a-z0-9_]*[a-z0-9])?$/.test(name)) {
    const expected =
      "at most 59 lower-case letters, digits, hyphens and underscores, neither of these first or last";
    yield { propertyPath: path, reason: `must be named by ${expected}, not ${shown(name)}` };
  }
  const volume = name.replaceAll("_", "-");
  const other = volumes.get(volume);
  if (other !== undefined) {
    const reason = `must differ from ${shown(other)} by more than hyphens and underscores`;
    yield { propertyPath: path, reason };
  }
  volumes.set(volume, name);
}

function directoryFailures(path: string, directory: unknown): Generator<Failure> {
  const isInside = (given: unknown) =>
    typeof given === "string" && given !== "" && !given.split("/").includes("..");
  return mismatch(path, directory, isInside, "a directory inside the image");
}

function isImage(given: unknown): boolean {
  return typeof given === "string" && /^[\w./:@-]+$/.test(given);
}

/** What is asked for, and where that is said. */
interface Wish {
  readonly path: string;
  readonly value: unknown;
}

/** @param major The major version of PostgreSQL, where it is said. */
export function* extensionsPlaceFailures(
  extensions: Wish,
  imageCatalog: Wish,
  major: number | undefined,
): Generator<Failure> {
  const given: Unknowns = isRecord(extensions.value) ? extensions.value : {};
  for (const [name, extension] of Object.entries(given)) {
    const path = at(extensions.path, name);
    if (major !== undefined && major < firstMajor) {
      yield {
        propertyPath: path,
        reason: `must not be given with PostgreSQL ${major}: it takes ${firstMajor}`,
      };
    }
    if (isRecord(extension) && extension["image"] === undefined && imageCatalog.value === undefined) {
      const reason = "is missing: must be an image's name where there is no imageCatalog that could have it";
      yield { propertyPath: at(path, "image"), reason };
    }
  }
}
