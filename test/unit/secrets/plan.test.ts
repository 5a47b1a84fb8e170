import { secretsPlan } from "../../../src/secrets/plan";
import { brought } from "./brought";

const regions = {
  rome: { names: ["rome.example.com", "10.0.0.1"] },
  lisbon: { names: ["lisbon.example.com"] },
};
const roles = { app: {}, report: { password: "theirs" } };

describe("secretsPlan", () => {
  it("generates all that is not brought", () => {
    expect(secretsPlan("orders", { regions, roles: { app: {} } })).toEqual({
      ca: { generated: { commonName: "PostgreSQL CA of orders" } },
      trustedCas: [],
      servers: {
        rome: {
          generated: { commonName: "rome", dnsNames: ["rome.example.com"], ipAddresses: ["10.0.0.1"] },
        },
        lisbon: { generated: { commonName: "lisbon", dnsNames: ["lisbon.example.com"], ipAddresses: [] } },
      },
      replication: { generated: { commonName: "streaming_replica", dnsNames: [], ipAddresses: [] } },
      passwords: {
        postgres: { generated: { rotation: "" } },
        streaming_replica: { generated: { rotation: "" } },
        app: { generated: { rotation: "" } },
      },
      clients: {},
      certificateRotation: "",
      caValidityHours: 87600,
      certificateValidityHours: 8760,
      renewalHours: 720,
    });
  });

  it("generates nothing in the place of what is brought", () => {
    const plan = secretsPlan("orders", {
      regions,
      roles,
      ca: brought.ca,
      trustedCas: ["old"],
      serverCertificates: { rome: brought.rome },
      replicationCertificate: brought.replication,
      passwords: { postgres: "a", app: "b" },
    });
    expect(plan).toMatchObject({
      ca: { brought: brought.ca },
      trustedCas: ["old"],
      servers: { rome: { brought: brought.rome }, lisbon: { generated: {} } },
      replication: { brought: brought.replication },
      passwords: {
        postgres: { brought: "a" },
        streaming_replica: { generated: {} },
        app: { brought: "b" },
        report: { brought: "theirs" },
      },
    });
  });

  it("takes an option that is undefined for one that is not given", () => {
    const args = { regions, roles, renewalDays: undefined, passwordRotation: undefined };
    expect(secretsPlan("orders", args as never)).toEqual(secretsPlan("orders", { regions, roles }));
  });

  it("counts in hours what is given in days", () => {
    expect(
      secretsPlan("orders", {
        regions,
        roles,
        caValidityDays: 100,
        certificateValidityDays: 10,
        renewalDays: 1,
      }),
    ).toMatchObject({ caValidityHours: 2400, certificateValidityHours: 240, renewalHours: 24 });
  });

  it("knows what is brought for a role from what JavaScript's objects bring along", () => {
    const plan = secretsPlan("orders", { regions, roles: { constructor: {} } as never, passwords: {} });
    expect(plan.passwords["constructor"]).toEqual({ generated: { rotation: "" } });
  });

  it("keeps the authority's common name within 64 characters", () => {
    const { ca } = secretsPlan("o".repeat(100), { regions, roles });
    expect(ca.generated?.commonName).toHaveLength(64);
  });
});
