import { libraryRefusals } from "../../../src/postgres/parameters";

// As PostgreSQL 15 answered.
const answer = `
2026-11-28 09:40:10.170 GMT [866] LOG:  skipping missing configuration file "/tmp/s/postgresql.auto.conf"
2026-11-28 09:40:10.190 GMT [866] WARNING:  invalid value for parameter "auto_explain.log_min_duration": "abc"
2026-11-28 09:40:10.197 GMT [866] WARNING:  7 is outside the valid range for parameter "auto_explain.sample_rate" (0 .. 1)
2026-11-28 09:40:10.197 GMT [866] WARNING:  invalid configuration parameter name "auto_explain.log_minn", removing it
2026-11-28 09:40:10.197 GMT [866] DETAIL:  "auto_explain" is now a reserved prefix.
2026-11-28 09:40:10.307 GMT [866] FATAL:  could not open directory "pg_notify": No such file or directory
`;

describe("what libraries say against parameters", () => {
  it("is given by the parameter's name", () => {
    const parameters = {
      shared_preload_libraries: "auto_explain",
      "auto_explain.log_min_duration": "abc",
      "auto_explain.sample_rate": "7",
      "auto_explain.log_minn": "3",
      "auto_explain.log_analyze": "on",
      "app.tenant": "7",
    };
    expect([...libraryRefusals(answer, parameters)]).toEqual([
      ["auto_explain.log_min_duration", 'invalid value for parameter "auto_explain.log_min_duration": "abc"'],
      [
        "auto_explain.sample_rate",
        '7 is outside the valid range for parameter "auto_explain.sample_rate" (0 .. 1)',
      ],
      ["auto_explain.log_minn", 'invalid configuration parameter name "auto_explain.log_minn"'],
    ]);
  });

  it("names the parameter that lists a library which is not there", () => {
    const fatal = '2026-11-28 GMT [881] FATAL:  could not access file "pg_adut": No such file or directory\n';
    const parameters = { shared_preload_libraries: "auto_explain, pg_adut", session_preload_libraries: "" };
    expect([...libraryRefusals(fatal, parameters)]).toEqual([
      ["shared_preload_libraries", 'could not access file "pg_adut": No such file or directory'],
    ]);
  });

  it("is nothing where the trial could not be made", () => {
    const failure = "cp: cannot stat '/data/global/pg_control': No such file or directory\n";
    expect(libraryRefusals(failure, { shared_preload_libraries: "auto_explain" }).size).toBe(0);
  });
});
