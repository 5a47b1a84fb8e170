import { isIP } from "node:net";

/** The names in a server's certificate, by kind. */
export interface CertificateNames {
  /** Lower case, sorted, each once. */
  readonly dnsNames: string[];
  /** Sorted, each once. */
  readonly ipAddresses: string[];
}

/**
 * Sorts names and addresses by kind. The order in which they are given never matters: a certificate is only
 * issued afresh when a name comes or goes.
 */
export function certificateNames(names: readonly string[]): CertificateNames {
  const distinct = [...new Set(names.map((name) => name.toLowerCase()))].sort();
  return {
    dnsNames: distinct.filter((name) => isIP(name) === 0),
    ipAddresses: distinct.filter((name) => isIP(name) !== 0),
  };
}
