// Prepares the programs of test/clients, each in a language with client libraries of its own, and prints how each is
// started: by language, as JSON.

import { cpSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { cacheFolder, fillFolder, settleHome, writableCache } from "./bootstrap/cache.mjs";
import { exitWith, Stop } from "./bootstrap/exit.mjs";
import { contentsOf, filesBelow, hashOf } from "./bootstrap/hash.mjs";
import { locked } from "./bootstrap/lock.mjs";
import { findOnPath, run } from "./bootstrap/process.mjs";
import { during } from "./bootstrap/progress.mjs";
import { installPackages, pythonOf } from "./bootstrap/python-package.mjs";

const sources = join(dirname(dirname(fileURLToPath(import.meta.url))), "test/clients/programs");

const languages = {
  python: {
    needs: { python3: "sudo apt-get install python3 python3-venv" },
    prepare: (cwd) => installPackages(cwd, "a client program", ["-r", join(cwd, "requirements.txt")]),
    command(folder) {
      const { program, env } = pythonOf(folder);
      const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
      return ["env", ...settings, program, join(folder, "client.py")];
    },
  },
  node: {
    needs: { npm: "https://nodejs.org" },
    prepare: (cwd) => run("npm", ["install", "--silent", "--no-audit", "--no-fund"], { cwd }),
    command: (folder) => ["node", join(folder, "client.mjs")],
  },
  go: {
    needs: { go: "https://go.dev/dl" },
    prepare: (cwd) => run("go", ["build", "-o", "client", "."], { cwd }),
    command: (folder) => [join(folder, "client")],
  },
  java: {
    needs: { java: "sudo apt-get install openjdk-17-jdk-headless", mvn: "sudo apt-get install maven" },
    prepare: (cwd) => run("mvn", ["--quiet", "--batch-mode", "dependency:copy-dependencies"], { cwd }),
    command: (folder) => ["java", "-cp", join(folder, "target/dependency/*"), join(folder, "Client.java")],
  },
  rust: {
    needs: { cargo: "https://rustup.rs" },
    prepare: (cwd) => run("cargo", ["build", "--quiet", "--locked"], { cwd }),
    command: (folder) => [join(folder, "target/debug/clients")],
  },
};

try {
  settleHome();
  const missing = Object.values(languages)
    .flatMap(({ needs }) => Object.entries(needs))
    .filter(([program]) => !findOnPath(program));
  if (missing.length > 0) {
    throw new Stop(missing.map(([program, get]) => `${program} is missing. To get it: ${get}`).join("\n"));
  }
  const commands = {};
  for (const [language, { prepare, command }] of Object.entries(languages)) {
    commands[language] = command(await prepared(language, prepare));
  }
  console.log(JSON.stringify(commands));
} catch (error) {
  exitWith(error);
}

/** A copy of the language's program with its libraries: once for this user, in the cache. */
async function prepared(language, prepare) {
  const source = join(sources, language);
  const folder = cacheFolder(
    `clients-${language}-${hashOf(contentsOf(source, filesBelow(source))).slice(0, 16)}`,
  );
  if (!existsSync(folder)) {
    writableCache();
    await locked(`${folder}.lock`, `preparing the clients of ${language}`, async () => {
      if (existsSync(folder)) return;
      await during(`Preparing the clients of ${language}.`, `the clients of ${language} are there`, () =>
        fillFolder(folder, async (temporary) => {
          cpSync(source, temporary, { recursive: true });
          await prepare(temporary);
        }),
      );
    });
  }
  return folder;
}
