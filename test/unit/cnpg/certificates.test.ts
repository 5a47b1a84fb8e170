import type { CnpgPostgresArgs } from "../../../src/cnpg/args";
import { certificatesSpec, serverNames } from "../../../src/cnpg/manifests/certificates";
import { clusterSpec } from "../../../src/cnpg/manifests/cluster-spec";
import { bootstrapSpec } from "../../../src/cnpg/manifests/origin-spec";
import { poolerSpec } from "../../../src/cnpg/manifests/pooler-spec";
import { planTopology } from "../../../src/cnpg/plan";

const own = {
  ca: "company-ca",
  server: "pg",
  replication: "follower",
  pooler: "bouncer",
  caCertificate: "PEM",
};

function planOf(changes: Partial<CnpgPostgresArgs>) {
  const plan = planTopology("db", {
    primary: "rome",
    regions: {
      rome: { kubeconfig: "rome.yaml", host: "rome.example.com", poolers: { readWrite: {} } },
      lisbon: { kubeconfig: "lisbon.yaml", host: "lisbon.example.com" },
    },
    ...changes,
  });
  const rome = plan.regions.find(({ region }) => region === "rome")!;
  const spec = clusterSpec(plan, rome, {
    bootstrap: bootstrapSpec(plan, {}, true),
    promotionToken: "",
    parameters: {},
  });
  return { plan, rome, spec };
}

describe("the certificates of a region", () => {
  it.each([
    ["shared", "db-ca", "db-replication"],
    ["operator", "db-ca", "db-rome-replication"],
    [own, "company-ca", "follower"],
  ] as const)("%j: it follows every region by those that it has", (certificates, ca, replication) => {
    for (const external of planOf({ certificates }).spec.externalClusters) {
      expect(external).toMatchObject({
        sslCert: { name: replication },
        sslKey: { name: replication },
        sslRootCert: { name: ca },
        connectionParameters: { sslmode: "verify-full" },
      });
    }
  });

  it("are of two authorities, a public one for servers and the user's own for clients", () => {
    const { plan, rome, spec } = planOf({ certificates: { ...own, clientCa: "clients-ca" } });
    expect(certificatesSpec(plan, rome)).toEqual({
      serverCASecret: "company-ca",
      serverTLSSecret: "pg",
      clientCASecret: "clients-ca",
      replicationTLSSecret: "follower",
    });
    const trusted = spec.externalClusters.map(({ sslRootCert }) => sslRootCert?.name);
    expect(new Set(trusted)).toEqual(new Set(["company-ca"]));
  });

  it("are issued by the operator for every name by which it is reached", () => {
    const { plan, rome } = planOf({ certificates: "operator", namespace: "data" });
    const { serverAltDNSNames, ...secrets } = certificatesSpec(plan, rome);
    expect(secrets).toEqual({ serverCASecret: "db-ca", clientCASecret: "db-ca" });
    expect(serverAltDNSNames).toEqual(
      expect.arrayContaining(["rome.example.com", "db-rome-pooler-rw", "db-rome-pooler-ro.data.svc"]),
    );
    // The operator adds those of its own services.
    expect(serverNames(plan, rome)).toEqual(
      expect.arrayContaining([...serverAltDNSNames!, "db-rome-rw.data"]),
    );
  });
});

describe("a pooler", () => {
  it.each([
    ["shared", { serverTLSSecret: { name: "db-pooler" } }],
    [own, { serverTLSSecret: { name: "bouncer" } }],
  ] as const)("%j: is given its certificate and what it asks with it", (certificates, expected) => {
    const { plan, rome } = planOf({ certificates });
    const { pgbouncer } = poolerSpec(plan, rome, rome.poolers[0]!);
    expect(pgbouncer).toMatchObject({
      ...expected,
      authQuery: expect.stringContaining("user_search") as string,
    });
  });

  it("is left to the operator where that has the authority", () => {
    const { plan, rome } = planOf({ certificates: "operator" });
    expect(poolerSpec(plan, rome, rome.poolers[0]!).pgbouncer).toEqual({
      poolMode: "session",
      parameters: { client_tls_sslmode: "require", server_tls_sslmode: "verify-full" },
    });
  });

  it("has new pods when its region changes its role, if they lead to the writer then", () => {
    const { plan } = planOf({ defaults: { instances: 2, poolers: { readWrite: {}, readOnly: {} } } });
    const annotations = plan.regions.map((region) =>
      region.poolers.map((pooler) => poolerSpec(plan, region, pooler).template?.metadata.annotations),
    );
    const of = (role: string) => ({ "multi-region-postgres/role": role });
    expect(annotations).toEqual([[of("reader"), undefined], [of("writer")]]);
  });

  it("is in every region that does not say otherwise", () => {
    const { plan } = planOf({
      defaults: {
        instances: 2,
        poolers: {
          readOnly: { instances: 3, poolMode: "transaction", parameters: { default_pool_size: 5 } },
        },
      },
    });
    const [lisbon, rome] = plan.regions.map((region) =>
      region.poolers.map((pooler) => [pooler.name, poolerSpec(plan, region, pooler)] as const),
    );
    expect(rome!.map(([name]) => name)).toEqual(["db-rome-pooler-rw"]);
    expect(lisbon).toEqual([
      [
        "db-lisbon-pooler-ro",
        expect.objectContaining({
          cluster: { name: "db-lisbon" },
          type: "ro",
          instances: 3,
          pgbouncer: expect.objectContaining({
            poolMode: "transaction",
            parameters: expect.objectContaining({ default_pool_size: "5" }) as object,
          }) as object,
        }),
      ],
    ]);
  });
});
