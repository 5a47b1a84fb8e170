// @ts-check
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheFolder, fillFolder } from "../../bootstrap/cache.mjs";
import { hashOf } from "../../bootstrap/hash.mjs";
import { run } from "../../bootstrap/process.mjs";
import { during } from "../../bootstrap/progress.mjs";
import { IMAGES } from "../components.mjs";
import { writeArchive } from "./archive.mjs";

/**
 * @typedef {object} Recipe
 * @property {string} image its name in a region
 * @property {object} config how its containers run
 * @property {readonly unknown[]} from what it is made of: another content is another image
 * @property {(layer: string) => Promise<void>} make fills the folder of its only layer, or writes `layer.tar` there
 */

/** Debian's releases, and the PostgreSQL of each. */
const POSTGRES = /** @type {const} */ ({ 17: "trixie", 15: "bookworm" });

/**
 * Makes what has not been made yet.
 * @param {Record<string, string>} binaries
 * @returns {Promise<Record<string, string>>} the archive of each image, by the image's name
 */
export async function ensureImages(binaries) {
  /** @type {Record<string, string>} */
  const archives = {};
  for (const recipe of recipes(binaries)) archives[recipe.image] = await ensureImage(recipe);
  return archives;
}

/**
 * @param {Record<string, string>} binaries
 * @returns {Recipe[]}
 */
function recipes({ pause, app, shop, manager, "barman-cloud": plugin, versitygw }) {
  const backups = plugin && versitygw ? [barmanCloud(plugin), store(versitygw)] : [];
  return [
    ofProgram(IMAGES.pause, pause, { Entrypoint: ["/pause"], User: "65535:65535" }),
    ofProgram(IMAGES.app, app, {
      Entrypoint: ["/app"],
      User: "65532:65532",
      ExposedPorts: { "8080/tcp": {} },
    }),
    ofProgram(IMAGES.shop, shop, {
      Entrypoint: ["/shop"],
      User: "65532:65532",
      ExposedPorts: { "8080/tcp": {} },
    }),
    operator(manager),
    pgbouncer(),
    postgres(17),
    postgres(15),
    ...backups,
  ];
}

/**
 * @param {string} image
 * @param {string} program
 * @param {object} config
 * @returns {Recipe}
 */
function ofProgram(image, program, config) {
  return {
    image,
    config,
    from: [program],
    make: async (layer) => copyFileSync(program, join(layer, basename(program))),
  };
}

/**
 * Where the operator's own image has it: the instances' first container copies it from there.
 * @param {string} manager
 * @returns {Recipe}
 */
function operator(manager) {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return {
    image: IMAGES.operator,
    config: { Entrypoint: ["/manager"], User: "65532:65532" },
    from: [manager],
    async make(layer) {
      mkdirSync(join(layer, "operator"));
      copyFileSync(manager, join(layer, "operator", `manager_${architecture}`));
      symlinkSync(`operator/manager_${architecture}`, join(layer, "manager"));
    },
  };
}

/**
 * Where the operator looks for the program, and the user that it runs it as.
 * @returns {Recipe}
 */
function pgbouncer() {
  const release = POSTGRES[17];
  const hooks = [
    'ln -s ../sbin/pgbouncer "$1/usr/bin/pgbouncer"',
    // Its administrator comes by a socket, and is known by this name.
    'echo "pgbouncer:x:998:996::/:/usr/sbin/nologin" > "$1/etc/passwd"',
    // Nine tenths of what the package depends on.
    'rm -rf "$1"/usr/share/* "$1"/usr/lib/*/perl* "$1"/usr/lib/*/libperl* "$1"/usr/bin/perl* "$1"/usr/lib/*/gconv',
  ];
  return {
    image: IMAGES.pgbouncer,
    config: { Cmd: ["pgbouncer"], User: "998:996" },
    from: [release, hooks],
    make: (layer) => debian(layer, release, "extract", ["base-files", "pgbouncer"], hooks),
  };
}

/**
 * The plugin, and what it runs beside an instance: upstream has an image for each, and all of the first is in the
 * second.
 * @param {string} plugin
 * @returns {Recipe}
 */
function barmanCloud(plugin) {
  const release = POSTGRES[17];
  const hooks = [
    'echo "postgres:x:26:26::/:/usr/sbin/nologin" > "$1/etc/passwd"',
    // Two thirds of what the packages hold: the clouds' other services.
    `find "$1"/usr/lib/python3/dist-packages/botocore/data -mindepth 1 -maxdepth 1 -type d ! -name s3 ! -name 'sso*' ! -name sts -exec rm -r {} +`,
    // Python asks for them even where the store has no TLS.
    'cat "$1"/usr/share/ca-certificates/mozilla/*.crt > "$1/etc/ssl/certs/ca-certificates.crt"',
    'rm -rf "$1"/usr/share/* "$1"/usr/lib/*/perl* "$1"/usr/lib/*/libperl* "$1"/usr/bin/perl* "$1"/usr/lib/*/gconv',
    // It cannot be kept where the image is run, and each command would compile for seconds.
    'chroot "$1" python3 -m compileall -q /usr/lib/python3 /usr/lib/python3.13',
  ];
  return {
    image: IMAGES.barmanCloud,
    config: { Entrypoint: ["/manager"], Env: ["PATH=/usr/bin", "LANG=C.UTF-8"], User: "26:26" },
    from: [plugin, release, hooks],
    make: (layer) =>
      debian(
        layer,
        release,
        "extract",
        ["base-files", "barman-cli-cloud", "ca-certificates", "dash", "tar"],
        [`cp "${plugin}" "$1/manager"`, ...hooks],
      ),
  };
}

/**
 * @param {string} versitygw
 * @returns {Recipe}
 */
function store(versitygw) {
  return ofProgram(IMAGES.store, versitygw, {
    Entrypoint: ["/versitygw"],
    User: "65532:65532",
    ExposedPorts: { "7070/tcp": {} },
  });
}

/**
 * @param {keyof typeof POSTGRES} major
 * @returns {Recipe}
 */
function postgres(major) {
  const bin = `/usr/lib/postgresql/${major}/bin`;
  const hooks = [
    // CloudNativePG runs PostgreSQL as this user.
    'chroot "$1" usermod --uid 26 postgres && chroot "$1" groupmod --non-unique --gid 26 postgres',
    'chroot "$1" chown -R postgres:postgres /var/lib/postgresql /var/log/postgresql /etc/postgresql',
    // Half of the image, for the compilation of queries that no test has.
    `rm -rf "$1"/usr/lib/*/libLLVM* "$1"/usr/lib/*/libz3* "$1"/usr/lib/postgresql/${major}/lib/llvmjit* "$1"/usr/lib/postgresql/${major}/lib/bitcode`,
  ];
  return {
    image: IMAGES.postgres[major],
    config: {
      Env: [`PATH=${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`, "LANG=C.UTF-8"],
      Cmd: ["postgres"],
      User: "26:26",
      StopSignal: "SIGINT",
    },
    from: [POSTGRES[major], hooks],
    make: (layer) => debian(layer, POSTGRES[major], "minbase", [`postgresql-${major}`], hooks),
  };
}

/**
 * @param {string} layer
 * @param {string} release
 * @param {"minbase" | "extract"} variant whether packages are installed, on a small system, or only unpacked
 * @param {readonly string[]} packages
 * @param {readonly string[]} hooks what is done to it then: commands that are given its folder
 */
async function debian(layer, release, variant, packages, hooks) {
  await run("mmdebstrap", [
    "--mode=root",
    `--variant=${variant}`,
    `--include=${packages.join(",")}`,
    ...["doc", "man", "info", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    // The others come when packages are installed.
    ...hooks.map((hook) => `--${variant === "extract" ? "extract" : "customize"}-hook=${hook}`),
    release,
    join(layer, "layer.tar"),
  ]);
}

/** @param {Recipe} recipe */
async function ensureImage({ image, config, from, make }) {
  const name = image.replace(/^.*\//, "").replace(":", "-");
  const folder = cacheFolder("regions", `image-${name}-${hashOf(config, from, process.arch).slice(0, 16)}`);
  const archive = join(folder, "image.tar");
  if (existsSync(folder)) return archive;
  mkdirSync(dirname(folder), { recursive: true });
  await during(`Making the image ${image}.`, `Made the image ${image}`, () =>
    fillFolder(folder, async (/** @type {string} */ temporary) => {
      const layer = join(temporary, "layer");
      mkdirSync(layer);
      chmodSync(layer, 0o755);
      await make(layer);
      await writeArchive({ folder: temporary, layer, image, config });
    }),
  );
  return archive;
}
