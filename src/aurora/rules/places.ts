import { partitionOf } from "../../aws-policies";
import { isAwsRegion } from "../../aws-region";
import { at, isPlain, isRecord, mismatch, type Failure, type Unknowns } from "../../rules";
import { hasAuthorities } from "../certificates";
import { awsRegionOf } from "./region";

const documentation = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html";

/** Where clients could verify no server. */
export function* authoritiesFailures(caCertificate: unknown, regions: Unknowns): Generator<Failure> {
  if (isPlain(caCertificate)) {
    yield* mismatch("caCertificate", caCertificate, isPem, "certificates in PEM");
  }
  if (caCertificate !== undefined) {
    return;
  }
  for (const [path, awsRegion] of placesOf(regions)) {
    if (!hasAuthorities(awsRegion)) {
      const reason = `needs caCertificate, since this package knows no authorities of Aurora's servers in ${awsRegion}: give those of every region, which AWS publishes (${documentation})`;
      yield { propertyPath: path, reason };
    }
  }
}

function isPem(value: unknown): boolean {
  return typeof value === "string" && value.includes("-----BEGIN CERTIFICATE-----");
}

/** A global database, its keys and its roles are of one partition: China and the US governments are worlds of their own. */
export function* partitionFailures(regions: Unknowns): Generator<Failure> {
  const [first, ...others] = placesOf(regions);
  for (const [path, awsRegion] of first === undefined ? [] : others) {
    if (partitionOf(awsRegion) !== partitionOf(first![1])) {
      const reason = `must be in the partition ${partitionOf(first![1])}, as ${first![1]} is, not ${awsRegion}, which is in ${partitionOf(awsRegion)}`;
      yield { propertyPath: path, reason };
    }
  }
}

/** The AWS regions, by the path of their region. */
function placesOf(regions: Unknowns): [string, string][] {
  return Object.entries(regions).flatMap(([name, region]): [string, string][] => {
    const awsRegion = isRecord(region) ? awsRegionOf(region, name) : undefined;
    return isAwsRegion(awsRegion) ? [[at(at("regions", name), "awsRegion"), awsRegion]] : [];
  });
}
