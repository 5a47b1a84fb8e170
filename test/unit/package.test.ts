import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { name, version } = JSON.parse(read("package.json")) as { name: string; version: string };

/** The files of the tarball, as npm would pack them. */
function packed(): string[] {
  const json = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files }] = JSON.parse(String(json)) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

/** The anchors of a page's headings, as they are made on a web page. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The links of a page that lead to no file of the tarball, or to no heading of it. */
function deadLinks(page: string, files: readonly string[]): string[] {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path, anchor] = link.split("#") as [string, string?];
      const file = path === "" ? page : join(dirname(page), path);
      if (anchor !== undefined) return !files.includes(file) || !anchors(read(file)).includes(anchor);
      return !files.some((known) => known === file || known.startsWith(`${file}/`));
    })
    .map((link) => `${page}: ${link}`);
}

describe("the tarball", () => {
  const files = packed();

  test("holds what each relative link of its documents leads to", () => {
    const pages = files.filter((file) => file.endsWith(".md"));
    expect(pages).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "docs/architecture.md"]));
    expect(pages.flatMap((page) => deadLinks(page, files))).toEqual([]);
  });

  test("holds no test, no tool and nothing that an example has installed or made", () => {
    const known = /^(dist|docs|examples)\/|^(README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(files.filter((file) => !known.test(file) || /node_modules|Pulumi\.\w+\.yaml/.test(file))).toEqual(
      [],
    );
  });
});

describe("the version", () => {
  const released = [...read("CHANGELOG.md").matchAll(/^## (\d+\.\d+\.\d+) /gm)].map(([, number]) => number!);

  test("is one in development while the changelog has unreleased changes, else the changelog's last", () => {
    const unreleased = /^## Unreleased\n([\s\S]*?)^## \d/m.exec(read("CHANGELOG.md"))?.[1]?.trim() ?? "";
    if (unreleased === "") {
      expect(version).toBe(released[0]);
    } else {
      expect(version).toMatch(/^\d+\.\d+\.\d+-dev$/);
      expect(released).not.toContain(version.replace("-dev", ""));
    }
  });

  test("is the one of the README, whose command names the tarball", () => {
    expect(read("README.md")).toContain(`This is version ${version}.`);
    expect(read("README.md")).toContain(`npm install ../${name}-${version}.tgz `);
  });
});
