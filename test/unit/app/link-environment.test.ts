import type { Connection } from "../../../src/endpoints";
import { parseLibpqUri } from "../../../src/endpoints";
import {
  linkEnvironment,
  linkVariables,
  variableName,
  type LinkFacts,
} from "../../../src/app/link-environment";
import { endpointOf } from "./topology";

const names = ["dublin", "lisbon", "rome"];

const poolerOf = (region: string) => ({ ...endpointOf(region), port: 30_433 });

function factsOf(writer: string, active: readonly string[] = names): LinkFacts {
  const order = [writer, ...names.filter((name) => name !== writer)];
  const connection = (endpoints: readonly string[], target: Connection["target"]): Connection => ({
    endpoints: endpoints.map(endpointOf),
    username: "app",
    password: "p@ss word",
    database: "shop",
    target,
  });
  return {
    writing: connection(order, "read-write"),
    reading: connection(order, "any"),
    writer: endpointOf(writer),
    endpoints: Object.fromEntries(names.map((name) => [name, [endpointOf(name), poolerOf(name)]])),
    active,
  };
}

type Choices = Partial<Parameters<typeof linkEnvironment>[2]>;

const environmentOf = (facts: LinkFacts, own: string, { hosts: which = "all", url = "libpq" }: Choices) =>
  linkEnvironment(facts, own, { hosts: which, url }, "/ca.crt");

const hosts = (list: readonly string[]) => list.map((name) => endpointOf(name).host).join(",");

describe("the environment of a link", () => {
  it("has every variable that is promised, for libpq and for drivers that take a URI", () => {
    const environment = environmentOf(factsOf("rome"), "lisbon", {});
    expect(Object.keys(environment).sort()).toEqual([...linkVariables].sort());
    expect(environment).toMatchObject({
      PGHOST: hosts(["lisbon", "dublin", "rome"]),
      PGPORT: "30432,30432,30432",
      PGDATABASE: "shop",
      PGUSER: "app",
      PGPASSWORD: "p@ss word",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/ca.crt",
      PGTARGETSESSIONATTRS: "read-write",
      PGHOST_RO: hosts(["lisbon", "dublin", "rome"]),
      PGTARGETSESSIONATTRS_RO: "any",
    });
    expect(parseLibpqUri(environment.DATABASE_URL)).toEqual({
      endpoints: ["lisbon", "dublin", "rome"].map(endpointOf),
      username: "app",
      password: "p@ss word",
      database: "shop",
      target: "read-write",
      caFile: "/ca.crt",
    });
    expect(parseLibpqUri(environment.DATABASE_URL_RO)).toMatchObject({ target: "any", caFile: "/ca.crt" });
  });

  it("is the same whoever writes, unless the writer alone is asked for", () => {
    const environments = (kind: "all" | "writer") =>
      names.map((writer) => JSON.stringify(environmentOf(factsOf(writer), "lisbon", { hosts: kind })));
    expect(new Set(environments("all")).size).toBe(1);
    expect(new Set(environments("writer")).size).toBe(3);
  });

  it("has URLs of one host for libraries that take one: a handover changes it", () => {
    const environments = names.map((writer) =>
      environmentOf(factsOf(writer), "lisbon", { url: "singleHost" }),
    );
    expect(environments.map(({ DATABASE_URL }) => DATABASE_URL)).toEqual(
      names.map(
        (writer) =>
          `postgresql://app:p%40ss%20word@${writer}.example.com:30432/shop?sslmode=verify-full&sslrootcert=%2Fca.crt`,
      ),
    );
    expect(new Set(environments.map(({ DATABASE_URL_RO }) => DATABASE_URL_RO))).toEqual(
      new Set([
        "postgresql://app:p%40ss%20word@lisbon.example.com:30432/shop?sslmode=verify-full&sslrootcert=%2Fca.crt",
      ]),
    );
    expect(new Set(environments.map(({ PGHOST }) => PGHOST)).size).toBe(1);
  });

  it("has URLs of the family that is asked for", () => {
    const { DATABASE_URL, DATABASE_URL_RO } = environmentOf(factsOf("rome"), "lisbon", { url: "jdbc" });
    const servers = ["lisbon", "dublin", "rome"].map((name) => `${name}.example.com:30432`).join(",");
    expect(DATABASE_URL).toMatch(`jdbc:postgresql://${servers}/shop?`);
    expect(DATABASE_URL).toMatch("targetServerType=primary");
    expect(DATABASE_URL_RO).toMatch("targetServerType=any");
  });

  it("begins with the pooler of the pods' own region, where there are some", () => {
    const environments = names.map((writer) => {
      const facts = factsOf(writer);
      const pooled = [writer, "dublin"].filter((name, index, all) => all.indexOf(name) === index);
      const writing = { ...facts.writing, endpoints: pooled.map(poolerOf) };
      return environmentOf({ ...facts, writing }, "lisbon", {});
    });
    expect(environments.map(({ PGHOST }) => PGHOST)).toEqual([
      hosts(["dublin"]),
      hosts(["lisbon", "dublin"]),
      hosts(["dublin", "rome"]),
    ]);
    expect(environments[1]).toMatchObject({ PGPORT: "30433,30433", PGPORT_RO: "30432,30432,30432" });
  });

  it("has last who is lost or hibernated, the pods' own region too", () => {
    const environment = environmentOf(factsOf("rome", ["rome", "dublin"]), "lisbon", {});
    expect(environment.PGHOST).toBe(hosts(["dublin", "rome", "lisbon"]));
    expect(environment.PGHOST_RO).toBe(hosts(["dublin", "rome", "lisbon"]));
  });

  it("has one host each where the writer alone is asked for", () => {
    const environment = environmentOf(factsOf("rome"), "lisbon", { hosts: "writer" });
    expect(environment).toMatchObject({ PGHOST: hosts(["rome"]), PGHOST_RO: hosts(["lisbon"]) });
  });

  it("begins with whoever is first by name in a region that the database is not in", () => {
    const environment = environmentOf(factsOf("rome"), "bern", {});
    expect(environment.PGHOST).toBe(hosts(["dublin", "lisbon", "rome"]));
  });

  it("keeps the database's own order where servers are no region's", () => {
    const facts = factsOf("rome");
    const outside = { host: "outside.example.com", port: 5432 };
    const writing = { ...facts.writing, endpoints: [outside, ...facts.writing.endpoints] };
    const environment = environmentOf({ ...facts, writing }, "lisbon", {});
    expect(environment.PGHOST).toBe(`outside.example.com,${hosts(["rome", "dublin", "lisbon"])}`);
  });

  it("has names of the user's choice", () => {
    expect(variableName({}, "PGHOST")).toBe("PGHOST");
    expect(variableName({ prefix: "ORDERS_" }, "PGHOST_RO")).toBe("ORDERS_PGHOST_RO");
    expect(variableName({ prefix: "ORDERS_", env: { PGHOST: "DB" } }, "PGHOST")).toBe("DB");
  });
});
