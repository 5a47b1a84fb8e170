import { type Fault, linesOf, type Loose, refusesEach, spoiled, wrong } from "./faults";

const named =
  "must be named by at most 59 lower-case letters, digits, hyphens and underscores, neither of these first or last";

/** Every region has PostgreSQL 18. */
function eighteen({ defaults, regions }: Loose): void {
  defaults.image = "ghcr.io/cloudnative-pg/postgresql:18.1";
  delete regions.lisbon.image;
}

const faults: Fault[] = [
  wrong(
    "defaults.extensionImages",
    ["pgvector"],
    "must be an object of images, by the extension's name, not a list",
  ),
  [
    "images of extensions with nothing right in them",
    (args) => {
      eighteen(args);
      args.defaults.extensionImages = {
        pgvector: "pgvector:0.8.1",
        PostGIS: { image: "postgis:3.6", ldLibraryPath: ["system", "../lib", ""] },
        pg_ivm: { img: "ivm", image: "" },
        "pg-ivm": { image: "ivm" },
      };
    },
    'defaults.extensionImages.pgvector: must be an object of properties, not "pgvector:0.8.1"',
    `defaults.extensionImages.PostGIS: ${named}, not "PostGIS"`,
    'defaults.extensionImages.PostGIS.ldLibraryPath[1]: must be a directory inside the image, not "../lib"',
    'defaults.extensionImages.PostGIS.ldLibraryPath[2]: must be a directory inside the image, not ""',
    "defaults.extensionImages.pg_ivm.img: unknown property, must be one of image, ldLibraryPath",
    'defaults.extensionImages.pg_ivm.image: must be an image\'s name, not ""',
    'defaults.extensionImages["pg-ivm"]: must differ from "pg_ivm" by more than hyphens and underscores',
  ],
  [
    "an extension without an image, and no catalogue that could have it",
    (args) => {
      eighteen(args);
      args.regions.oslo.extensionImages = { pgvector: {} };
    },
    "regions.oslo.extensionImages.pgvector.image: is missing: must be an image's name where there is no imageCatalog that could have it",
  ],
  [
    "images of extensions for a PostgreSQL that looks for extensions in one place",
    (args) => (args.regions.rome.extensionImages = { pgvector: { image: "pgvector:0.8.1" } }),
    "regions.rome.extensionImages.pgvector: must not be given with PostgreSQL 17: it takes 18",
  ],
];

describe("CnpgPostgres, of the images of extensions,", () => {
  refusesEach(faults);

  it("takes some by name, and some that the image catalogue has", () => {
    const args = spoiled((given) => {
      eighteen(given);
      given.defaults.extensionImages = { pgvector: { image: "pgvector:0.8.1" } };
      delete given.defaults.image;
      given.defaults.imageCatalog = { name: "images", major: 18 };
      given.regions.oslo.extensionImages = { postgis: { ldLibraryPath: ["system"] } };
    });
    expect(linesOf(args)).toEqual([]);
  });
});
