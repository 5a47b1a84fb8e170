import { Record as Route53Record, type RecordArgs } from "@pulumi/aws/route53/record";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { GlobalRoutingArgs, Location } from "./args";
import { locationName, type RecordPolicy, type RoutingRecord } from "./records";

/** One record of ours on Route 53. */
export function createRecord(
  name: string,
  { zoneId, entries }: Pick<GlobalRoutingArgs, "zoneId" | "entries">,
  record: RoutingRecord,
  healthCheckId: Input<string> | undefined,
  options: CustomResourceOptions,
): Route53Record {
  const isEntry = record.policy.kind !== "everybody";
  const balancer = isEntry ? entries[record.region!]!.loadBalancer : undefined;
  const leadsTo =
    balancer === undefined
      ? { type: record.type as Input<string>, ttl: record.ttl, records: record.values }
      : {
          type: "A",
          aliases: [{ name: balancer.name, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
        };
  return new Route53Record(
    name,
    {
      zoneId,
      name: record.name,
      ...leadsTo,
      ...routingPolicy(record.policy, record.region),
      ...(healthCheckId === undefined || !isEntry ? {} : { healthCheckId }),
    },
    options,
  );
}

/**
 * Route 53's own failover records are for two regions, and it refuses the moment in which both are the primary. So a
 * failover goes by weights, which are changed one after the other: records of weight 0 answer once those with a weight
 * are unhealthy (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html).
 */
function routingPolicy(policy: RecordPolicy, setIdentifier = ""): Partial<RecordArgs> {
  switch (policy.kind) {
    case "everybody":
      return {};
    case "latency":
      return { setIdentifier, latencyRoutingPolicies: [{ region: policy.awsRegion }] };
    case "geolocation":
      return {
        setIdentifier: `${setIdentifier}-${locationName(policy.location)}`,
        geolocationRoutingPolicies: [geolocation(policy.location)],
      };
    case "failover":
      return { setIdentifier, weightedRoutingPolicies: [{ weight: policy.primary ? 1 : 0 }] };
  }
}

function geolocation(location: Location) {
  return location === "elsewhere" ? { country: "*" } : { ...location };
}
