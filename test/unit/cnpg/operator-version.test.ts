import { tooOld } from "../../../src/cnpg/operator-version";

describe("the operator", () => {
  test.each(["1.27.9", "1.28.3", "1.29.0", "1.29.1", "0.9.0"])("%s is too old", (version) => {
    expect(tooOld(`ghcr.io/cloudnative-pg/cloudnative-pg:${version}`)).toBe(true);
  });

  test.each(["1.28.4", "1.29.2", "1.30.0", "1.31.0", "2.0.0", "1.30.0@sha256:0123", "1.30.0-rc1", "main"])(
    "%s is not",
    (version) => {
      expect(tooOld(`registry.example.com:5000/operator:${version}`)).toBe(false);
    },
  );
});
