import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { contentsOf, hashOf } from "./hash.mjs";
import { run } from "./process.mjs";
import { during, say } from "./progress.mjs";

const PARTS = [
  { module: "cli", name: "the Pulumi CLI and engine", pinned: /pulumi\/pkg\/v3 (v\S+)/ },
  { module: "language-host", name: "its Node.js language host", pinned: /pulumi\/sdk\/v3 (v\S+)/ },
];

const SETTINGS = {
  CGO_ENABLED: "0", // no C compiler is needed, and the result runs with any libc
  GOFLAGS: "-mod=readonly", // exactly the versions and checksums in go.mod and go.sum
  GOWORK: "off",
};

const FLAGS = ["-trimpath", "-buildvcs=false"];

const linkerFlags = (version) =>
  `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;

// As in Pulumi's releases, beside the CLI: the npm package that the program uses brings the real thing.
// The engine starts these in the program's folder, so one cache serves every checkout.
const SCRIPTS = {
  "pulumi-resource-pulumi-nodejs": launcher("@pulumi/pulumi/cmd/dynamic-provider"),
  "pulumi-analyzer-policy": launcher("@pulumi/pulumi/cmd/run-policy-pack"),
};

function launcher(module) {
  return `#!/bin/sh
script=$(node -p "require.resolve('${module}')") || exit 1
exec node "$script" "$@"
`;
}

/** Names what `buildEngine` would make: the same hash, the same programs. */
export function engineHash(root) {
  const files = PARTS.flatMap(({ module }) =>
    ["go.mod", "go.sum"].map((file) => join(root, "tools/engine", module, file)),
  );
  const recipe = [SETTINGS, FLAGS, linkerFlags(""), SCRIPTS];
  return hashOf(contentsOf(root, files), recipe, process.platform, process.arch).slice(0, 16);
}

/** Builds from the Go modules that are pinned in tools/engine. */
export async function buildEngine(root, folder) {
  say("Pulumi is built from its Go modules: once, for 2 to 5 minutes, then it is in the cache of this user.");
  const work = join(folder, "work");
  mkdirSync(work);
  const env = { ...process.env, ...SETTINGS, GOTMPDIR: work };
  for (const part of PARTS) await buildPart(join(root, "tools/engine", part.module), folder, part, env);
  rmSync(work, { recursive: true });
  for (const [name, script] of Object.entries(SCRIPTS))
    writeFileSync(join(folder, name), script, { mode: 0o755 });
}

async function buildPart(module, folder, { name, pinned }, env) {
  const version = readFileSync(join(module, "go.mod"), "utf8").match(pinned)[1];
  const seen = { downloaded: 0, compiled: 0 };
  const onLine = (line) => (line.startsWith("go: downloading") ? seen.downloaded++ : seen.compiled++);
  // `-v` names each package as it is compiled, which is the only progress that go tells.
  const args = ["build", "-v", ...FLAGS, "-ldflags", linkerFlags(version), "-o", `${folder}/`, "tool"];
  await during(
    `Building ${name} ${version}.`,
    `Built ${name}`,
    () => run("go", args, { cwd: module, env, onLine }),
    () => `${seen.downloaded} modules downloaded and ${seen.compiled} packages compiled so far`,
  );
}
