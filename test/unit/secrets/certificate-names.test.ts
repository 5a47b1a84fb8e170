import { isIP } from "node:net";
import fc from "fast-check";
import { certificateNames } from "../../../src/secrets/certificate-names";

describe("certificateNames", () => {
  it("sorts names and addresses by kind", () => {
    expect(certificateNames(["rome.example.com", "10.0.0.1", "localhost", "::1"])).toEqual({
      dnsNames: ["localhost", "rome.example.com"],
      ipAddresses: ["10.0.0.1", "::1"],
    });
  });

  it("takes a name once, whatever its case", () => {
    expect(certificateNames(["Rome.example.com", "rome.example.com", "FD00::1", "fd00::1"])).toEqual({
      dnsNames: ["rome.example.com"],
      ipAddresses: ["fd00::1"],
    });
  });

  it("takes what only looks like an address for a name", () => {
    expect(certificateNames(["10.0.0.256", "1.2.3"]).dnsNames).toEqual(["1.2.3", "10.0.0.256"]);
  });

  it("gives the same for any order and any repetition, and loses nothing", () => {
    const name = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(
        fc.array(name).chain((names) => fc.tuple(fc.constant(names), shuffled([...names, ...names]))),
        ([names, again]) => {
          const { dnsNames, ipAddresses } = certificateNames(names);
          expect(certificateNames(again)).toEqual({ dnsNames, ipAddresses });
          expect(new Set([...dnsNames, ...ipAddresses])).toEqual(
            new Set(names.map((each) => each.toLowerCase())),
          );
          expect(ipAddresses.every((address) => isIP(address) > 0)).toBe(true);
        },
      ),
    );
  });
});

function shuffled(names: string[]): fc.Arbitrary<string[]> {
  return fc.shuffledSubarray(names, { minLength: names.length, maxLength: names.length });
}
