/** The poolers of a region: PgBouncer between clients and its servers. */
export interface PoolersArgs {
  /**
   * `NAME-REGION-pooler-rw`: to the instance that leads the region. It takes writes in the writer's region; in a
   * reader's it answers, read-only.
   *
   * @default none
   */
  readWrite?: PoolerArgs;

  /**
   * `NAME-REGION-pooler-ro`: to the region's other instances. There have to be some: `instances` is 2 at least. It
   * switches on the service `NAME-REGION-ro`.
   *
   * @default none
   */
  readOnly?: PoolerArgs;
}

/** One pooler. Clients log in as to the servers, and by TLS. */
export interface PoolerArgs {
  /**
   * How many pods: 1 to 100.
   *
   * @default 1
   */
  instances?: number;

  /**
   * The port by which clients outside its Kubernetes cluster reach it, at the region's `host`: a port of every node, or
   * of a load balancer, as `service.type` of the region has it. It differs from all other ports at that host.
   *
   * @default none: it is reached inside the cluster alone
   */
  port?: number;

  /**
   * For how long a client keeps a connection to the server: until it leaves, or until its transaction ends. With
   * `transaction` nothing of a session outlives a transaction: no `SET`, no `LISTEN`, no advisory lock.
   *
   * @default "session"
   */
  poolMode?: "session" | "transaction";

  /**
   * Settings of PgBouncer, such as `{ default_pool_size: 20 }`: those that the operator lets through.
   *
   * @default { client_tls_sslmode: "require", server_tls_sslmode: "verify-full" }
   */
  parameters?: Record<string, string | number>;
}
