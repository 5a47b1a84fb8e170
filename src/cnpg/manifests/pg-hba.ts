import type { PgHbaArgs } from "../args";

/** The private networks of RFC 1918. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * The lines between the operator's own, which let in replication and poolers by certificate, and its last one, which
 * would let in everybody by password, without TLS too: nobody gets there.
 */
export function pgHba({ additionalCidrs = [], customRules }: PgHbaArgs = {}): readonly string[] {
  return (
    customRules ?? [
      ...[...privateNetworks, ...additionalCidrs].map((cidr) => `hostssl all all ${cidr} scram-sha-256`),
      "host all all all reject",
    ]
  );
}
