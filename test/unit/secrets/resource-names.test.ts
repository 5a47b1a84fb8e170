import fc from "fast-check";
import { secretsResourceNames } from "../../../src/secrets/resource-names";

describe("secretsResourceNames", () => {
  it("stays as it was published", () => {
    const names = secretsResourceNames("orders");
    expect({ ...names, server: names.server("rome"), password: names.password("app") }).toEqual({
      caKey: "orders-ca-key",
      ca: "orders-ca",
      replication: {
        key: "orders-replication-key",
        request: "orders-replication-request",
        certificate: "orders-replication-certificate",
      },
      server: {
        key: "orders-server-rome-key",
        request: "orders-server-rome-request",
        certificate: "orders-server-rome-certificate",
      },
      password: "orders-password-app",
    });
  });

  it("never gives one name twice, whatever regions and roles are called", () => {
    const word = fc.constantFrom("ca", "key", "server", "replication", "password", "request", "certificate");
    const called = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-")),
      fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(called), fc.uniqueArray(called), (regions, roles) => {
        const names = secretsResourceNames("orders");
        const all = [
          names.caKey,
          names.ca,
          ...Object.values(names.replication),
          ...regions.flatMap((region) => Object.values(names.server(region))),
          ...roles.map((role) => names.password(role)),
        ];
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
