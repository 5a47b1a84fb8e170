import { HealthCheck } from "@pulumi/aws/route53/healthCheck";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { healthCheckDefaults, type EntryArgs, type GlobalRoutingArgs } from "./args";

/** Asks one region's entry point, from all over the world. A load balancer of AWS checks by itself. */
export function createHealthCheck(
  name: string,
  { domain, healthCheck = {}, tags = {} }: GlobalRoutingArgs,
  { host, address, loadBalancer }: EntryArgs,
  options: CustomResourceOptions,
): HealthCheck | undefined {
  if (healthCheck === false || loadBalancer !== undefined) {
    return undefined;
  }
  const { protocol = healthCheckDefaults.protocol } = healthCheck;
  return new HealthCheck(
    name,
    {
      type: protocol,
      // An address alone says nothing of whom it is asked for.
      fqdn: host ?? domain,
      ...(address === undefined ? {} : { ipAddress: address }),
      port: healthCheck.port ?? (protocol === "HTTP" ? 80 : 443),
      ...(protocol === "TCP" ? {} : { resourcePath: healthCheck.path ?? healthCheckDefaults.path }),
      ...(protocol === "HTTPS" ? { enableSni: true } : {}),
      requestInterval: healthCheck.intervalSeconds ?? healthCheckDefaults.intervalSeconds,
      failureThreshold: healthCheck.failures ?? healthCheckDefaults.failures,
      tags: { ...tags, Name: name },
    },
    options,
  );
}
