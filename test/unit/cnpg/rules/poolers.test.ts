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
