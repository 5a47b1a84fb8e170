import { highestWhileAway, parametersUntilReplayed } from "../../../src/local/provider/reader-parameters";

const running = "port = '5501'\nmax_connections = '200'\nmax_wal_senders = '24'\n";

describe("the parameters of a reader until it has replayed what the writer wrote", () => {
  it("keep what is lowered, and take at once what is raised", () => {
    expect(parametersUntilReplayed({ max_connections: "100", work_mem: "8MB" }, running)).toEqual({
      max_connections: "200",
      work_mem: "8MB",
    });
    expect(parametersUntilReplayed({ max_connections: "300" }, running)).toEqual({ max_connections: "300" });
  });

  it("keep what is not declared any more, unless the default is higher", () => {
    expect(parametersUntilReplayed({}, running)).toEqual({ max_connections: "200" });
    expect(parametersUntilReplayed({}, "max_connections = '50'\nmax_locks_per_transaction = '32'\n")).toEqual(
      {},
    );
  });

  it("take the highest that was declared while the region was away", () => {
    const highest = { max_connections: "300", max_prepared_transactions: "10" };
    expect(parametersUntilReplayed({ max_connections: "100" }, running, { highest })).toEqual(highest);
  });
});

describe("the highest parameters while a region is away", () => {
  const away = (parameters: Record<string, string>, previous?: object) =>
    highestWhileAway({ activity: "hibernated", parameters }, previous);

  it("are gathered over the updates, with PostgreSQL's defaults and ours", () => {
    const first = away({ max_connections: "300", work_mem: "8MB" });
    const all = away({ max_worker_processes: "16" }, first);
    expect(all.highest).toEqual({
      max_connections: "300",
      max_worker_processes: "16",
      max_wal_senders: "24",
      max_prepared_transactions: "0",
      max_locks_per_transaction: "64",
    });
  });

  it("are forgotten once the region takes part again", () => {
    expect(highestWhileAway({ activity: "active", parameters: {} }, away({}))).toEqual({});
  });
});
