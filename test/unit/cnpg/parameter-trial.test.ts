import { trialOf } from "../../../src/cnpg/parameter-trial";
import { refusalIn } from "../../../src/postgres/parameters";

// As PostgreSQL 17 answered.
const unknown =
  '2026-11-28 02:47:14.948 GMT [914] FATAL:  unrecognized configuration parameter "max_conections"\n';
const unit =
  '2026-11-28 02:47:14.591 GMT [912] FATAL:  invalid value for parameter "work_mem": "8XB"\n' +
  '2026-11-28 02:47:14.591 GMT [912] HINT:  Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".\n';
const range =
  'GMT [915] FATAL:  -5 is outside the valid range for parameter "max_connections" (1 .. 262143)\n';

const inFile =
  'GMT [916] LOG:  unrecognized configuration parameter "wrok_mem" in file "/tmp/a b/postgresql.conf" line 1\n' +
  'GMT [916] FATAL:  configuration file "/tmp/a b/postgresql.conf" contains errors\n';

describe("the trial of parameters", () => {
  it("gives PostgreSQL each of them, and no file of the server's", () => {
    expect(trialOf({ work_mem: "8MB", log_line_prefix: "%m %p" })).toEqual([
      ...["postgres", "-C", "port", "-c", "config_file=/dev/null"],
      ...["-c", "work_mem=8MB", "-c", "log_line_prefix=%m %p"],
    ]);
  });

  test.each([
    [unknown, 'unrecognized configuration parameter "max_conections"'],
    [
      unit,
      'invalid value for parameter "work_mem": "8XB"; Valid units for this parameter are "B", "kB", "MB", "GB", and "TB"',
    ],
    [inFile, 'unrecognized configuration parameter "wrok_mem"'],
    [range, '-5 is outside the valid range for parameter "max_connections" (1 .. 262143)'],
  ])("tells what PostgreSQL says: %j", (errors, refusal) => {
    expect(refusalIn(errors)).toBe(refusal);
  });

  it("takes nothing else for a refusal", () => {
    expect(refusalIn("sh: postgres: not found\n")).toBeUndefined();
    expect(refusalIn("FATAL:  could not create lock file\n")).toBeUndefined();
  });
});
