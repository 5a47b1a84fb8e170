import fc from "fast-check";
import { secretsResourceNames } from "../../../src/secrets/resource-names";

describe("secretsResourceNames", () => {
  it("stays as it was published", () => {
    const names = secretsResourceNames("orders");
    const { server, client, password } = names;
    expect({
      ...names,
      server: server("rome"),
      client: client("pooler"),
      password: password("app"),
    }).toEqual({
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
      client: {
        key: "orders-client-pooler-key",
        request: "orders-client-pooler-request",
        certificate: "orders-client-pooler-certificate",
      },
      password: "orders-password-app",
    });
  });

  it("never gives one name twice, whatever regions and roles are called", () => {
    const word = fc.constantFrom(
      "ca",
      "key",
      "server",
      "client",
      "replication",
      "password",
      "request",
      "certificate",
    );
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
          ...roles.flatMap((role) => [names.password(role), ...Object.values(names.client(role))]),
        ];
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
