import { linesOf, refusesEach, validArgs, wrong, type Fault } from "./faults";

const faults: Fault[] = [
  wrong("initdb.encoding", "UTF 8", 'must be an encoding, such as UTF8, not "UTF 8"'),
  wrong("initdb.locale", "--locale", 'must be a locale, such as de_DE.UTF-8, not "--locale"'),
  wrong("initdb.dataChecksums", false, "must be true: it cannot be turned off, not false"),
  wrong(
    "initdb.walSegmentSizeMegabytes",
    20,
    "must be one of 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, not 20",
  ),
  [
    "a locale of ICU without ICU",
    (args) => (args.initdb = { localeProvider: "builtin", icuLocale: "de-DE" }),
    'initdb.icuLocale: must not be given unless localeProvider is "icu"',
    'initdb.builtinLocale: is missing: localeProvider is "builtin", which takes it',
  ],
  [
    "a data directory that comes from elsewhere",
    (args) => {
      args.initdb = {};
      args.origin = { recovery: { destinationPath: "s3://old", serverName: "old" } };
      delete args.initSql;
    },
    "initdb: must not be given beside origin.recovery, from which the data directory comes",
  ],
];

describe("CnpgPostgres, of how the first data directory is made,", () => {
  it("takes all that initdb can be told", () => {
    const initdb = {
      encoding: "UTF8",
      locale: "de_DE.UTF-8",
      localeProvider: "icu",
      icuLocale: "de-DE",
      dataChecksums: true,
      walSegmentSizeMegabytes: 64,
    } as const;
    expect(linesOf({ ...validArgs(), initdb })).toEqual([]);
  });

  refusesEach(faults);
});
