import type { Role } from "../../topology";
import type { CnpgRegionPlan, CnpgTopologyPlan, PoolerPlan } from "../plan";
import { certificateSecrets } from "./certificates";
import type { PoolerType } from "./names";

/** The fields of a CloudNativePG `Pooler` (postgresql.cnpg.io/v1) that this package uses. */
export interface PoolerSpec {
  readonly cluster: { readonly name: string };
  readonly type: PoolerType;
  readonly instances: number;
  readonly template?: {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    readonly spec: { readonly containers: readonly [] };
  };
  readonly pgbouncer: {
    readonly poolMode: "session" | "transaction";
    readonly serverTLSSecret?: { readonly name: string };
    readonly authQuery?: string;
    readonly parameters: Readonly<Record<string, string>>;
  };
}

/** TLS on both sides, unless the user says otherwise. */
const defaultParameters = { client_tls_sslmode: "require", server_tls_sslmode: "verify-full" };

/** The operator's own query. */
const authQuery = "SELECT usename, passwd FROM public.user_search($1)";

export function poolerSpec(
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  { type, wishes }: PoolerPlan,
): PoolerSpec {
  const { instances = 1, poolMode = "session", parameters = {} } = wishes;
  const { pooler } = certificateSecrets(plan, region);
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  return {
    cluster: { name: region.cluster },
    type,
    instances,
    ...(type === "rw" ? { template: newPodsFor(region.role) } : {}),
    pgbouncer: {
      poolMode,
      // The operator makes this certificate where it has the authority's key, and nowhere else.
      ...(pooler === undefined ? {} : { serverTLSSecret: { name: pooler }, authQuery }),
      parameters: { ...defaultParameters, ...Object.fromEntries(texts) },
    },
  };
}

/**
 * PgBouncer tells every client what the first server connection of its life told: whether the server writes, too, by
 * which clients with several hosts find the writer (pgbouncer 859). So a region's change of role takes new pods.
 */
function newPodsFor(role: Role): NonNullable<PoolerSpec["template"]> {
  return { metadata: { annotations: { "multi-region-postgres/role": role } }, spec: { containers: [] } };
}
