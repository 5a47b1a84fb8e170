import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./eventually";
import { testFolder } from "./folder";
import { kubectl } from "./regions";
import { selfSigned } from "./secrets";

const image = process.env["REGIONS_POSTGRES_IMAGE"] ?? "localhost/postgresql:17";

/** As a server that somebody else runs may be set up: by hand, with TLS that is its own authority. */
const script = `
initdb --pgdata=/tmp/data --username=postgres --auth-local=peer --auth-host=scram-sha-256 --no-sync
cat > /tmp/data/pg_hba.conf <<END
local all all trust
hostssl all all all scram-sha-256
hostssl replication replicator all scram-sha-256
END
exec postgres -D /tmp/data -c listen_addresses='*' -c ssl=on -c unix_socket_directories=/tmp \\
  -c ssl_cert_file=/tls/tls.crt -c ssl_key_file=/tls/tls.key -c wal_keep_size=128MB
`;

/** A PostgreSQL server in a namespace of its own, which no operator looks after, reached at a port of the node. */
export class OutsideServer {
  private constructor(
    private readonly region: string,
    private readonly namespace: string,
    readonly port: number,
    readonly caCertificate: string,
  ) {}

  get host(): string {
    return `${this.region}.example.com`;
  }

  static async start(region: string, port: number): Promise<OutsideServer> {
    const namespace = `outside-${randomBytes(3).toString("hex")}`;
    const host = `${region}.example.com`;
    const { certificate, privateKey } = await selfSigned(host, `DNS:${host}`);
    const metadata = { name: "server", namespace, labels: { app: "server" } };
    await apply(region, [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata,
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": certificate, "tls.key": privateKey },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { type: "NodePort", selector: metadata.labels, ports: [{ port: 5432, nodePort: port }] },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata,
        spec: {
          terminationGracePeriodSeconds: 10,
          securityContext: { runAsUser: 26, runAsGroup: 26, fsGroup: 26 },
          volumes: [{ name: "tls", secret: { secretName: "server", defaultMode: 0o440 } }],
          containers: [
            {
              name: "server",
              image,
              command: ["sh", "-ec", script],
              volumeMounts: [{ name: "tls", mountPath: "/tls" }],
            },
          ],
        },
      },
    ]);
    const server = new OutsideServer(region, namespace, port, certificate);
    await eventually(async () => {
      await server.psql("SELECT 1", "postgres");
    }, 60);
    return server;
  }

  async psql(sql: string, database: string): Promise<string> {
    const exec = ["exec", `--namespace=${this.namespace}`, "server", "--"];
    const psql = ["psql", "--no-psqlrc", "--host=/tmp", "--username=postgres", "-Atc", sql, database];
    return (await kubectl(this.region, ...exec, ...psql)).trim();
  }

  /** The server is gone for good. */
  async remove(): Promise<void> {
    await kubectl(this.region, "delete", "namespace", this.namespace, "--ignore-not-found");
  }
}

/** Creates objects by hand. */
export async function apply(region: string, items: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(testFolder(), "objects-"));
  const file = join(folder, "objects.json");
  try {
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await kubectl(region, "apply", `--filename=${file}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
