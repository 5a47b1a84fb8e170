// @ts-check
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, fillFolder } from "../../bootstrap/cache.mjs";
import { contentsOf, filesBelow, hashOf } from "../../bootstrap/hash.mjs";
import { run } from "../../bootstrap/process.mjs";
import { during } from "../../bootstrap/progress.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @typedef {object} Module
 * @property {string} folder below tools/regions
 * @property {string} title for whoever waits
 * @property {Readonly<Record<string, string>>} packages by the name of the program
 * @property {string} [version] that the programs tell: the package whose version it is
 * @property {true} [forBackups] whether only regions with backups need it
 */

/** @type {readonly Module[]} */
const MODULES = [
  {
    folder: "programs",
    title: "this project's own programs",
    packages: { pause: "./pause", app: "./app", "region-init": "./region-init" },
  },
  { folder: "binaries/etcd", title: "etcd", packages: { etcd: "go.etcd.io/etcd/server/v3" } },
  {
    folder: "binaries/kubernetes",
    title: "Kubernetes",
    packages: Object.fromEntries(
      ["apiserver", "controller-manager", "scheduler", "proxy"]
        .map((name) => `kube-${name}`)
        .concat("kubelet", "kubectl")
        .map((name) => [name, `k8s.io/kubernetes/cmd/${name}`]),
    ),
    version: "k8s.io/kubernetes",
  },
  { folder: "binaries/coredns", title: "CoreDNS", packages: { coredns: "." } },
  {
    folder: "binaries/local-path-provisioner",
    title: "the provisioner of volumes",
    packages: { "local-path-provisioner": "github.com/rancher/local-path-provisioner" },
  },
  {
    folder: "binaries/cnpg",
    title: "the CloudNativePG operator",
    packages: { manager: "github.com/cloudnative-pg/cloudnative-pg/cmd/manager" },
  },
  { folder: "binaries/shop", title: "an application for tests", packages: { shop: "." } },
  {
    folder: "binaries/barman-cloud",
    title: "CloudNativePG's plugin for backups",
    packages: { "barman-cloud": "github.com/cloudnative-pg/plugin-barman-cloud/cmd/manager" },
    forBackups: true,
  },
  {
    folder: "binaries/versitygw",
    title: "the object store",
    packages: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
    forBackups: true,
  },
];

const SETTINGS = {
  CGO_ENABLED: "0", // no C compiler is needed, and the images need no libc
  GOFLAGS: "-mod=readonly", // exactly the versions and checksums in go.mod and go.sum
  GOWORK: "off",
};

/**
 * Builds what has not been built yet.
 * @param {{ backups?: boolean | undefined }} [wishes]
 * @returns {Promise<Record<string, string>>} the full path of each program
 */
export async function ensureBinaries({ backups = false } = {}) {
  /** @type {Record<string, string>} */
  const paths = {};
  for (const module of MODULES.filter(({ forBackups }) => backups || !forBackups)) {
    const folder = await ensureModule(module);
    for (const program of Object.keys(module.packages)) paths[program] = join(folder, program);
  }
  return paths;
}

/** Where the source of a module is that one of ours depends on. @param {string} folder @param {string} path */
export async function moduleSource(folder, path) {
  const cwd = join(root, folder);
  const env = { ...process.env, ...SETTINGS };
  return (await run("go", ["list", "-m", "-f", "{{.Dir}}", path], { cwd, env })).trim();
}

/** @param {Module} module */
async function ensureModule({ folder, title, packages, version }) {
  const source = join(root, folder);
  const hash = hashOf(contentsOf(source, filesBelow(source)), packages, SETTINGS, process.arch).slice(0, 16);
  const built = cacheFolder("regions", `${folder.split("/").at(-1)}-${hash}`);
  if (existsSync(built)) return built;
  mkdirSync(dirname(built), { recursive: true });
  const ldflags = ["-s -w", ...(version === undefined ? [] : [versionFlags(source, version)])].join(" ");
  let packagesBuilt = 0;
  await during(
    `Building ${title} from its Go module: once, then it is in the cache of this user.`,
    `Built ${title}`,
    () =>
      fillFolder(built, async (/** @type {string} */ temporary) => {
        const env = { ...process.env, ...SETTINGS };
        for (const [program, path] of Object.entries(packages)) {
          const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ldflags];
          await run("go", ["build", "-v", ...flags, "-o", join(temporary, program), path], {
            cwd: source,
            env,
            onLine: () => packagesBuilt++,
          });
        }
      }),
    () => `${packagesBuilt} packages downloaded or compiled so far`,
  );
  return built;
}

/**
 * What Kubernetes' own build tells its programs: without it their version would be 0.
 * @param {string} source
 * @param {string} path
 */
function versionFlags(source, path) {
  const goMod = readFileSync(join(source, "go.mod"), "utf8");
  const version = goMod.match(new RegExp(`${path} (v\\d+\\.(\\d+)\\.\\d+)`));
  if (version === null) throw new Error(`${source}/go.mod names no version of ${path}`);
  const names = { gitVersion: version[1], gitMajor: "1", gitMinor: version[2] };
  return Object.entries(names)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
}
