import * as fc from "fast-check";
import { isVerifierOf, scramVerifier } from "../../../src/local/postgres/scram";

/**
 * Of the example of RFC 7677: made with Python's hashlib from its password and salt. The server's signature
 * in the example, 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=, follows from this server key.
 */
const rfc =
  "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:" +
  "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

describe("a SCRAM verifier", () => {
  it("is the one of the standard's example", async () => {
    expect(await scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"))).toBe(rfc);
  });

  it("depends on the salt as the reference does", async () => {
    const salt = Buffer.from(Array.from({ length: 16 }, (_, index) => index));
    expect(await scramVerifier("pencil", salt)).toBe(
      "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$zHCdol2044/ZyWzPLi7oxApCkamKw9Z+E4U/QApd/5Y=:" +
        "dd5peBOitVnLNFu7VmwP+HiDaaw4OUCv396eVCWhYiE=",
    );
  });

  it("is of its password and of no other", async () => {
    expect(await isVerifierOf("pencil", rfc)).toBe(true);
    expect(await isVerifierOf("Pencil", rfc)).toBe(false);
    expect(await isVerifierOf("pencil ", rfc)).toBe(false);
    expect(await isVerifierOf("", rfc)).toBe(false);
  });

  it("is recognised, whatever the password, and another password is not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), async (one, other) => {
        const verifier = await scramVerifier(one);
        expect(await isVerifierOf(one, verifier)).toBe(true);
        expect(await isVerifierOf(other, verifier)).toBe(one.normalize("NFKC") === other.normalize("NFKC"));
      }),
      { numRuns: 20 },
    );
  });

  it("is another one each time", async () => {
    expect(await scramVerifier("pencil")).not.toBe(await scramVerifier("pencil"));
  });

  it("goes into a statement without being quoted", async () => {
    expect(await scramVerifier("it's\n")).toMatch(/^SCRAM-SHA-256\$4096:[\w+/=]+\$[\w+/=]+:[\w+/=]+$/);
  });

  it.each([
    null,
    "",
    "md5d3c8fbd7ad0c6a2c0ed1bc2ae2e9c9f7",
    "SCRAM-SHA-256$4096:",
    rfc.replace("4096", "100000"),
    rfc.slice(0, -4),
  ])("that is %j is not taken for one of ours", async (verifier) => {
    expect(await isVerifierOf("pencil", verifier)).toBe(false);
  });
});
