import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Stop } from "./exit.mjs";
import { findOnPath, run } from "./process.mjs";
import { isAtLeast } from "./version.mjs";

/** Stops with everything that is missing at once, each with the command that gets it. */
export async function requireAll(root, { npm, go }) {
  const missing = [
    ...checkPlatform(),
    ...checkNode(root),
    ...(npm ? checkNpm() : []),
    ...(go ? await checkGo(root) : []),
  ];
  if (missing.length > 0) throw new Stop(missing.join("\n"));
}

function checkPlatform() {
  if (process.platform === "linux" || process.platform === "darwin") return [];
  return ["This runs on Linux and macOS; on Windows, inside WSL. To get that: wsl --install"];
}

function checkNode(root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = engines?.node?.match(/\d+(\.\d+)*/)?.[0] ?? "20";
  if (isAtLeast(process.version, wanted)) return [];
  return [`Node.js ${wanted} or newer is needed, this is ${process.version}. To get it: ${getNode()}`];
}

function checkNpm() {
  if (findOnPath("npm")) return [];
  return [`npm is needed and not on PATH; it comes with Node.js. To get it: ${getNode()}`];
}

function getNode() {
  return process.platform === "darwin"
    ? "brew install node"
    : "nvm install 22   (or https://nodejs.org/en/download)";
}

/** Only where Pulumi has to be built. The version wanted is the one that go.mod names. */
async function checkGo(root) {
  const module = join(root, "tools/engine/cli");
  const wanted = readFileSync(join(module, "go.mod"), "utf8").match(/^go (\S+)$/m)[1];
  const found = findOnPath("go") && (await goVersion(module));
  if (found && isAtLeast(found, wanted)) return [];
  const problem = found ? `this is ${found}` : "which is not on PATH";
  return [
    `Go ${wanted} or newer is needed, ${problem}: Pulumi is not installed, and its download host cannot be reached, ` +
      `so Pulumi is built here from its Go modules. To get it: ${getGo(wanted)}\n` +
      "Or install Pulumi yourself, where its host can be reached: curl -fsSL https://get.pulumi.com | sh",
  ];
}

async function goVersion(module) {
  try {
    // Asked in the module's folder, where Go may fetch the toolchain that go.mod asks for.
    return (await run("go", ["env", "GOVERSION"], { cwd: module })).trim().replace("go", "");
  } catch {
    const version = await run("go", ["env", "GOVERSION"], {
      cwd: "/",
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    return version.trim().replace("go", "");
  }
}

function getGo(wanted) {
  if (process.platform === "darwin") return "brew install go";
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return (
    `curl -fsSL https://go.dev/dl/go${wanted}.0.linux-${architecture}.tar.gz | sudo tar -C /usr/local -xz ` +
    "&& export PATH=/usr/local/go/bin:$PATH"
  );
}
