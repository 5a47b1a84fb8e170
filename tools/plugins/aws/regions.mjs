// @ts-check

/** @param {any} region */
export const isRegion = (region) =>
  typeof region === "string" && /^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/.test(region);

/**
 * @param {string} region
 * @param {any} zone
 */
export const isZoneOf = (region, zone) =>
  typeof zone === "string" && zone.startsWith(region) && /^[a-f]$/.test(zone.slice(region.length));

/** @param {string} region */
export function partitionOf(region) {
  if (region.startsWith("cn-")) {
    return "aws-cn";
  }
  if (region.startsWith("eusc-")) {
    return "aws-eusc";
  }
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** @param {string} partition */
export const dnsSuffixOf = (partition) => (partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com");

/**
 * The parts of an ARN.
 * @param {any} value
 * @returns {{ service: string, region: string, account: string, resource: string } | undefined}
 */
export function parseArn(value) {
  const match =
    typeof value === "string" ? /^arn:[\w-]+:([\w-]+):([\w-]*):(\d*|aws):(.+)$/s.exec(value) : null;
  if (match === null) {
    return undefined;
  }
  const [, service = "", region = "", account = "", resource = ""] = match;
  return { service, region, account, resource };
}
