import {
  demotionTokenOf,
  isBeingDemoted,
  isHealthy,
  isHibernated,
  isWriter,
  stateOf,
  type LiveCluster,
} from "../../../src/cnpg/kubernetes/live-cluster";

function cluster(primary: string, status?: LiveCluster["status"]): LiveCluster {
  const spec = {
    instances: 2,
    replica: { self: "db-rome", primary, source: primary },
  } as LiveCluster["spec"];
  const metadata = { name: "db-rome", namespace: "db", resourceVersion: "1" };
  return { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata, spec, ...(status && { status }) };
}

const healthy = { phase: "Cluster in healthy state", readyInstances: 2 };

describe("a Cluster as it is", () => {
  it("writes if it is the primary of its topology", () => {
    expect(isWriter(cluster("db-rome"))).toBe(true);
    expect(isWriter(cluster("db-lisbon"))).toBe(false);
  });

  it("is healthy when all of its instances are there", () => {
    expect(isHealthy(cluster("db-rome", healthy))).toBe(true);
    expect(isHealthy(cluster("db-rome", { ...healthy, readyInstances: 1 }))).toBe(false);
    expect(isHealthy(cluster("db-rome", { ...healthy, phase: "Creating a new replica" }))).toBe(false);
    expect(isHealthy(cluster("db-rome"))).toBe(false);
  });

  it("has a token of its demotion only as a reader, and once the operator has read it", () => {
    expect(demotionTokenOf(cluster("db-lisbon", { demotionToken: "token" }))).toBe("token");
    expect(demotionTokenOf(cluster("db-lisbon", { demotionToken: "" }))).toBeUndefined();
    expect(demotionTokenOf(cluster("db-lisbon"))).toBeUndefined();
    expect(demotionTokenOf(cluster("db-rome", { demotionToken: "token" }))).toBeUndefined();
  });

  it("tells what the operator is at", () => {
    expect(isBeingDemoted(cluster("db-lisbon", { switchReplicaClusterStatus: { inProgress: true } }))).toBe(
      true,
    );
    expect(isBeingDemoted(cluster("db-lisbon", healthy))).toBe(false);
    const conditions = [{ type: "cnpg.io/hibernation", status: "True" }];
    expect(isHibernated(cluster("db-lisbon", { conditions }))).toBe(true);
    expect(isHibernated(cluster("db-lisbon", healthy))).toBe(false);
  });

  it("is described as kubectl does", () => {
    const status = { phase: "Waiting for user action", phaseReason: "no space", readyInstances: 1 };
    expect(stateOf(cluster("db-rome", status))).toBe(
      "Waiting for user action: no space (1 of 2 instances ready)",
    );
    expect(stateOf(cluster("db-rome"))).toBe("not yet looked at by the operator (0 of 2 instances ready)");
  });
});
