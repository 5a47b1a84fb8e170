import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Glob from "../../../tools/plugins/kubernetes/glob.mjs" with { "resolution-mode": "import" };

const { glob, isPattern } = jest.requireActual<typeof Glob>("../../../tools/plugins/kubernetes/glob.mjs");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "glob-"));
  for (const path of ["a.yaml", "b.yaml", "c.yml", "below/d.yaml", "below/further/e.yaml"]) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["*.yaml", ["a.yaml", "b.yaml"]],
  ["?.y*ml", ["a.yaml", "b.yaml", "c.yml"]],
  ["[ab].yaml", ["a.yaml", "b.yaml"]],
  ["*/*.yaml", ["below/d.yaml"]],
  ["be*/further/e.yaml", ["below/further/e.yaml"]],
  ["none/*", []],
])("the pattern %s finds %j", (pattern, paths) => {
  expect(isPattern(pattern)).toBe(true);
  expect(glob(join(folder, pattern))).toEqual(paths.map((path) => join(folder, path)));
});

test("a path without wildcards is none", () => {
  expect(isPattern("a/b.yaml")).toBe(false);
  expect(isPattern("a\\*.yaml")).toBe(false);
});
