import { defaultParameters, parameters } from "../../../src/cnpg/manifests/parameters";
import { pgHba } from "../../../src/cnpg/manifests/pg-hba";

describe("parameters", () => {
  const asText = (value: unknown) => String(value);

  it("are those that regions need to follow each other", () => {
    expect(parameters(undefined, asText)).toEqual(defaultParameters);
    expect(parameters({}, asText)).toEqual(defaultParameters);
  });

  it("are the user's before those, as texts", () => {
    const given = { wal_keep_size: "16GB", jit: false, work_mem: 4096 };
    expect(parameters(given, asText)).toEqual({
      ...defaultParameters,
      wal_keep_size: "16GB",
      jit: "false",
      work_mem: "4096",
    });
  });

  it("have room for more regions than there are, within what every engine asks for", () => {
    expect(Number(defaultParameters["max_wal_senders"])).toBeGreaterThanOrEqual(24);
    expect(Number(defaultParameters["max_replication_slots"])).toBeGreaterThanOrEqual(24);
  });
});

describe("pg_hba.conf", () => {
  const privately = [
    "hostssl all all 10.0.0.0/8 scram-sha-256",
    "hostssl all all 172.16.0.0/12 scram-sha-256",
    "hostssl all all 192.168.0.0/16 scram-sha-256",
  ];

  it("lets in private networks by TLS and password, and nobody else", () => {
    expect(pgHba()).toEqual([...privately, "host all all all reject"]);
    expect(pgHba({})).toEqual(pgHba());
  });

  it("lets in more networks alike, before everybody else is kept out", () => {
    expect(pgHba({ additionalCidrs: ["203.0.113.0/24", "2001:db8::/32"] })).toEqual([
      ...privately,
      "hostssl all all 203.0.113.0/24 scram-sha-256",
      "hostssl all all 2001:db8::/32 scram-sha-256",
      "host all all all reject",
    ]);
  });

  it("is the user's own, and that alone, where there is one", () => {
    expect(pgHba({ customRules: ["hostssl all all all cert"] })).toEqual(["hostssl all all all cert"]);
  });
});
