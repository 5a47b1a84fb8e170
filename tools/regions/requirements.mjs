// @ts-check
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "../bootstrap/exit.mjs";
import { findOnPath, run } from "../bootstrap/process.mjs";
import { during } from "../bootstrap/progress.mjs";
import { isAtLeast } from "../bootstrap/version.mjs";

const GO = "1.26";
const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** The programs that the system has to provide, by the Debian package that brings each. */
const PACKAGES = {
  containerd: ["containerd", "ctr"],
  runc: ["runc"],
  iproute2: ["ip"],
  iptables: ["iptables"],
  "util-linux": ["nsenter", "unshare"],
  mmdebstrap: ["mmdebstrap"],
};
const CNI_PACKAGE = "containernetworking-plugins";

/**
 * Makes sure that regions can be made here; what Debian's packages lack is installed. Stops with everything that is
 * missing at once.
 * @returns {Promise<{ cni: string, containerd: string }>}
 */
export async function requireMachine() {
  const missing = await missingHere();
  if (missing.length > 0) throw new Stop(`Regions cannot be made here.\n${missing.join("\n")}`);
  const packages = missingPackages();
  if (packages.length > 0) await install(packages);
  return {
    cni: /** @type {string} */ (cniFolder()),
    containerd: /** @type {string} */ (findOnPath("containerd", systemPath)),
  };
}

/**
 * Why regions cannot be made here, each with what helps: nothing where they can.
 * @returns {Promise<string[]>}
 */
export async function missingHere() {
  if (process.platform !== "linux") return ["Linux is needed, for network namespaces."];
  const missing = [];
  if (process.getuid?.() !== 0) {
    missing.push("It takes root to make network namespaces: sudo env PATH=$PATH npm run regions -- …");
  } else if (findOnPath("unshare", systemPath) && !(await namespacesWork())) {
    missing.push("This machine lets nobody make namespaces; a container needs to be privileged for it.");
  }
  const packages = missingPackages();
  if (packages.length > 0 && !findOnPath("apt-get")) {
    missing.push(`What Debian has in its packages ${packages.join(", ")} is needed; install it.`);
  }
  const go = findOnPath("go") && (await run("go", ["env", "GOVERSION"], { cwd: "/" })).trim().slice(2);
  if (!go || !isAtLeast(go, GO)) {
    missing.push(
      `Go ${GO} or newer is needed, ${go ? `this is ${go}` : "which is not on PATH"}. To get it: https://go.dev/dl`,
    );
  }
  return missing;
}

async function namespacesWork() {
  const options = ["--net", "--mount", "--pid", "--uts", "--fork", "--mount-proc"];
  return run("unshare", [...options, "mount", "-t", "tmpfs", "none", "/run"]).then(
    () => true,
    () => false,
  );
}

const systemPath = { path: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin` };

function missingPackages() {
  const packages = Object.entries(PACKAGES)
    .filter(([, programs]) => programs.some((program) => !findOnPath(program, systemPath)))
    .map(([name]) => name);
  return cniFolder() === undefined ? [...packages, CNI_PACKAGE] : packages;
}

function cniFolder() {
  return CNI_FOLDERS.find((folder) => existsSync(join(folder, "bridge")));
}

/** @param {string[]} packages */
async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await during(`Installing Debian's packages ${packages.join(", ")}.`, "Installed", async () => {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env });
  });
}
