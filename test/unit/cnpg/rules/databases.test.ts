import { refusesEach, wrong, type Fault } from "./faults";

const faults: Fault[] = [
  wrong(
    "databases.Shop",
    {},
    'must be named by 1 to 63 lower-case letters, digits and underscores, the first of them not a digit, not "Shop"',
  ),
  wrong("databases.postgres", {}, 'must not be "postgres", a database of PostgreSQL\'s own'),
  wrong("databases.shop_", {}, 'must not end in an underscore, as no name in Kubernetes does, not "shop_"'),
  wrong("databases.app.owner", "clerk", "must not be given: database.owner decides it"),
  [
    "an owner that nobody has made",
    (args) => {
      args.databases.reports.owner = "nobody";
      delete args.origin;
    },
    'databases.reports.owner: must be one of app, clerk, _keeper, not "nobody"',
  ],
  wrong(
    "databases.reports.schemas.pg_own",
    {},
    'must be named by 1 to 63 lower-case letters, digits and underscores, the first of them not a digit, without pg_ before them, not "pg_own"',
  ),
  wrong("databases.app.extensions.vector", "0.7", 'must be an object of properties, not "0.7"'),
  wrong("databases.app.extensions.vector.version", "", 'must be a version, such as 1.10, not ""'),
];

describe("CnpgPostgres, of databases,", () => {
  refusesEach(faults);
});
