import { output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import type { CnpgPostgresArgs } from "../../../../src/cnpg/args";
import { cnpgFailures } from "../../../../src/cnpg/rules";
import { linesOf, spoiled, validArgs, type Loose } from "./faults";

describe("CnpgPostgres", () => {
  it("takes valid arguments", () => {
    expect(linesOf(validArgs())).toEqual([]);
    expect(
      linesOf({ primary: "rome", regions: { rome: { kubeconfig: Promise.resolve("x"), host: "rome" } } }),
    ).toEqual([]);
  });

  it.each(["Db", "1db", "db-", "", "my.db", "d_b"])("refuses to be called %p", (name) => {
    const expected = "lower-case letters, digits and hyphens, a letter first and no hyphen last";
    const [first, ...rest] = linesOf(validArgs(), name);
    expect(first).toMatch(new RegExp(`^name: must be ${expected}, not `));
    expect(rest).toEqual([]);
  });

  it("refuses names that make a longer name than the operator takes", () => {
    const [fits, tooLong] = ["a".repeat(50 - "-lisbon".length), "a".repeat(51 - "-lisbon".length)];
    expect(linesOf(validArgs(), fits)).toEqual([]);
    expect(linesOf(validArgs(), tooLong)).toEqual([
      `regions.lisbon: must make a name of at most 50 characters with the component's, not "${tooLong}-lisbon"`,
    ]);
  });

  it("refuses everything at once", () => {
    const args = spoiled((all) => {
      all.primary = "bern";
      all.regions.rome.host = "a b";
      all.defaults.instances = 0;
      all.parameters.ssl = "off";
      all.parameters.archive_mode = "off";
      all.protect = "yes";
    });
    expect(linesOf(args)).toEqual([
      'primary: must be one of rome, lisbon, not "bern"',
      `regions.rome.host: must be the DNS name or the IP address by which the region is reached, not "a b"`,
      "parameters.ssl: is set by the topology: every connection is verified against the topology's own authority",
      "defaults.instances: must be a whole number from 1 to 20, not 0",
      "parameters.archive_mode: is set by the operator",
      'protect: must be true or false, not "yes"',
    ]);
  });

  it("refuses what is no arguments at all", () => {
    for (const args of [undefined, null, 5, [], "db", output({})]) {
      expect(linesOf(args)).toEqual([expect.stringMatching(/^args: must be an object of arguments, not /)]);
    }
  });

  it("shows nothing secret", () => {
    const secret = "s\u0007cret-of-mine";
    const args = spoiled((all) => {
      all.regions.rome.kubeconfig = [secret];
      all.regions.lisbon.kubeconfig = { token: secret };
      all.regions.oslo.kubeconfig = secret;
      all.regions.bern = { ...all.regions.oslo, host: "bern" };
      all.operator.pullSecret = secret;
      all.sharedSecrets = { keys: secret, more: { key: [secret], "a b": secret } };
      all.roles = { clerk: { password: secret } };
      all.origin.import = {
        ...all.origin.import,
        password: secret,
        clientCertificate: { certificate: secret, privateKey: secret },
        caCertificate: secret,
      };
    });
    expect(linesOf(args)).toHaveLength(12);
    expect(linesOf(args).join()).not.toContain("cret-of-mine");
  });

  it("throws at nothing, whatever a program in plain JavaScript passes", () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom(output("x"), Promise.resolve(1), Symbol("s"), 1n),
    );
    const paths = fc.constantFrom(...pathsOf(validArgs(), []));
    fc.assert(
      fc.property(fc.array(fc.tuple(paths, anything), { minLength: 1, maxLength: 4 }), (changes) => {
        const args: Loose = validArgs();
        for (const [path, value] of changes) {
          const holder = path.slice(0, -1).reduce<Loose | undefined>((within, key) => within?.[key], args);
          if (typeof holder === "object" && holder !== null) {
            holder[path.at(-1)!] = value;
          }
        }
        expect(Array.isArray(cnpgFailures("db", args as CnpgPostgresArgs))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Every place in the arguments that can hold something else. */
function pathsOf(value: object, path: readonly string[]): string[][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    [...path, key],
    ...(typeof inner === "object" && inner !== null && !("apply" in inner)
      ? pathsOf(inner, [...path, key])
      : []),
  ]);
}
