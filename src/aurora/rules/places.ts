import { inOtherPartitions, partitionOf } from "../../aws-policies";
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
  for (const { path, awsRegion } of placesOf(regions)) {
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
  for (const { place, first } of inOtherPartitions(placesOf(regions))) {
    const { path: propertyPath, awsRegion } = place;
    const expected = `must be in the partition ${partitionOf(first.awsRegion)}, as ${first.awsRegion} is`;
    yield { propertyPath, reason: `${expected}, not ${awsRegion}, which is in ${partitionOf(awsRegion)}` };
  }
}

/** The AWS regions, each with the path of its region. */
function placesOf(regions: Unknowns) {
  return Object.entries(regions).flatMap(([name, region]) => {
    const awsRegion = isRecord(region) ? awsRegionOf(region, name) : undefined;
    return isAwsRegion(awsRegion) ? [{ path: at(at("regions", name), "awsRegion"), awsRegion }] : [];
  });
}
