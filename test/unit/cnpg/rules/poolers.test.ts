import { refusesEach, wrong, type Fault } from "./faults";

const setting = "must be a setting of PgBouncer that the operator lets through";

const faults: Fault[] = [
  wrong("defaults.poolers.readWrite", "yes", 'must be an object of properties, not "yes"'),
  wrong("defaults.poolers.readwrite", {}, 'unknown property, did you mean "readWrite"?'),
  wrong("defaults.poolers.readWrite.instances", 0, "must be a whole number from 1 to 100, not 0"),
  wrong(
    "defaults.poolers.readWrite.poolMode",
    "statement",
    'must be one of session, transaction, not "statement"',
  ),
  wrong("defaults.poolers.readOnly.parameters.listen_port", 6432, `${setting}, not "listen_port"`),
  wrong(
    "defaults.poolers.readOnly.parameters.verbose",
    true,
    "must be a number or one line of ASCII text, not true",
  ),
  wrong(
    "defaults.poolers.readOnly.parameters.verbose",
    "1\nadmin_users = app",
    'must be a number or one line of ASCII text, not "1\\nadmin_users = app"',
  ),
  wrong("defaults.poolers.readWrite.port", 65_536, "must be a whole number from 1 to 65535, not 65536"),
  [
    "a pooler at the port of its region, and another at that of the first",
    (args) => {
      args.regions.lisbon.poolers = { readWrite: { port: 5432 }, readOnly: { port: 6432 } };
      args.regions.oslo.host = "203.0.113.7";
      args.regions.oslo.poolers = { readWrite: { port: 6432 } };
    },
    "regions.lisbon.poolers.readWrite.port: must differ from regions.lisbon.port, which is of the same host",
    "regions.oslo.poolers.readWrite.port: must differ from regions.lisbon.poolers.readOnly.port, which is of the same host",
  ],
  [
    "a pooler at the port that its region has by default, once for all regions",
    (args) => (args.defaults.poolers.readWrite.port = 30_432),
    "defaults.poolers.readWrite.port: must differ from regions.rome.port, which is of the same host",
    "defaults.poolers.readWrite.port: must differ from regions.oslo.port, which is of the same host",
  ],
  [
    "readers behind the only instance",
    (args) => {
      delete args.defaults.synchronous;
      args.regions.rome.instances = 1;
    },
    "defaults.poolers.readOnly: must not be given where there is no instance but the one that leads: instances is 1 by regions.rome.instances",
  ],
];

describe("CnpgPostgres, of poolers,", () => {
  refusesEach(faults);
});
