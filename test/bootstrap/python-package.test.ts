import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const source = pathToFileURL(join(__dirname, "../../tools/bootstrap/python-package.mjs")).href;

/** Installs a package of one module, `hello`, and runs it, by a `python3` that is this one, or lacks `venv`. */
const program = `
  const { installPackages, pythonOf } = await import(${JSON.stringify(source)});
  const { execFileSync } = await import("node:child_process");
  await installPackages(process.env.FOLDER, "a test", ["--no-index", "-r", process.env.FOLDER + "/requirements.txt"]);
  const { program, env } = pythonOf(process.env.FOLDER);
  const options = { env: { ...process.env, ...env } };
  console.log(program, execFileSync(program, ["-c", "import hello; print(hello.WORD)"], options).toString());
`;

const wheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("hello.py", "WORD = 'hello'")
    wheel.writestr("hello-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: hello\\nVersion: 1\\n")
    wheel.writestr("hello-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("hello-1.dist-info/RECORD", "")
`;

describe("packages of Python", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(process.env["TEST_FOLDER"] ?? tmpdir(), "python-"));
    const file = join(folder, "hello-1-py3-none-any.whl");
    execFileSync("python3", ["-c", wheel, file]);
    writeFileSync(join(folder, "requirements.txt"), `${file}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (PATH: string) =>
    execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, PATH, FOLDER: folder },
    }).toString();

  test("are in an environment of their own", () => {
    expect(install(process.env["PATH"]!)).toBe(`${join(folder, "venv/bin/python")} hello\n\n`);
  });

  test("are beside a python3 that has no venv", () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"]).toString().trim();
    const script = `#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec ${python} "$@"\n`;
    writeFileSync(join(bin, "python3"), script);
    chmodSync(join(bin, "python3"), 0o755);
    expect(install(`${bin}:${process.env["PATH"]}`)).toBe(`${join(bin, "python3")} hello\n\n`);
  });
});
