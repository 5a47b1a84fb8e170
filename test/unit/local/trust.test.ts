import { bundleOf } from "../../../src/local/provider/trust";

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

describe("the certificates that a region trusts while its authority changes", () => {
  it("are the declared ones, and after them those of before", () => {
    expect(bundleOf(pem("new"), pem("old"))).toBe(pem("new") + pem("old"));
  });

  it("are as declared where nothing changes", () => {
    const declared = pem("one") + pem("two");
    expect(bundleOf(declared, declared)).toBe(declared);
    expect(bundleOf(declared)).toBe(declared);
  });

  it("name each certificate once, whichever update was killed", () => {
    const half = bundleOf(pem("new"), pem("old"));
    expect(bundleOf(pem("new"), half)).toBe(half);
    expect(bundleOf(pem("old"), half)).toBe(pem("old") + pem("new"));
  });
});
