import { quantityOf } from "../../../src/kubernetes/formats";
import * as fc from "fast-check";
import { majorOf, sizeOf } from "../../../src/cnpg/rules/formats";

describe("a Kubernetes quantity", () => {
  it.each([
    ["1", 1],
    ["0.3", 0.3],
    ["300m", 0.3],
    ["5n", 5e-9],
    ["7u", 7e-6],
    [".5", 0.5],
    ["5.", 5],
    ["2k", 2000],
    ["1E", 1e18],
    ["1E3", 1000],
    ["1e-3", 0.001],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["10Gi", 10 * 1024 ** 3],
    ["1Ei", 1024 ** 6],
  ])("%s is %d", (text, amount) => {
    expect(quantityOf(text)).toBe(amount);
  });

  it.each(["", "-1", "10GB", "10gi", "1 Gi", "Gi", "1e", "1K", "1,5Gi", 5, null, undefined])(
    "%p is none",
    (value) => {
      expect(quantityOf(value)).toBeUndefined();
    },
  );

  it("is the same amount in whichever unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (amount) => {
        expect(quantityOf(`${amount}Mi`)).toBe(quantityOf(`${amount * 1024}Ki`));
        expect(quantityOf(`${amount}`)).toBe(quantityOf(`${amount * 1000}m`));
        expect(quantityOf(`${amount}G`)).toBe(quantityOf(`${amount}e9`));
      }),
    );
  });
});

describe("a size in postgresql.conf", () => {
  it.each([
    ["128", 128 * 1024 ** 2],
    [128, 128 * 1024 ** 2],
    ["128MB", 128 * 1024 ** 2],
    ["128  MB", 128 * 1024 ** 2],
    ["16kB", 16 * 1024],
    ["1.5GB", 1.5 * 1024 ** 3],
    ["1TB", 1024 ** 4],
    ["12B", 12],
  ])("%p is %d bytes", (value, bytes) => {
    expect(sizeOf(value)).toBe(bytes);
  });

  it.each(["", "128 ", "1.5", "1.5B", "5mb", "1e3MB", "-1", "0x10", 128.5, true, null])(
    "%p is none that the operator reads",
    (value) => {
      expect(sizeOf(value)).toBeUndefined();
    },
  );
});

// The operator's own examples among them.
describe("the major version that an image's tag says", () => {
  it.each([
    ["postgresql:17", 17],
    ["postgresql:13.3.2.1-1", 13],
    ["postgresql:15.5-10", 15],
    ["postgresql:17beta1", 17],
    ["postgresql:17rc1", 17],
    ["ghcr.io/cloudnative-pg/postgresql:17.5-system-trixie", 17],
    ["localhost:5000/pg:16.1-bookworm", 16],
    ["pg:17@sha256:0123456789abcdef", 17],
  ])("%s is %d", (image, major) => {
    expect(majorOf(image)).toBe(major);
  });

  it.each([
    "postgresql",
    "postgresql:latest",
    "localhost:5000/pg",
    "pg@sha256:0123456789abcdef",
    "pg:v17",
    "pg:17.",
    "pg:17.x",
    "pg:12.4",
    "pg:20240101",
    ":17",
    "my pg:17",
    17,
    undefined,
  ])("%p says none", (image) => {
    expect(majorOf(image)).toBeUndefined();
  });
});
