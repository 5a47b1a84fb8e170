/** Those of AWS that are the first in the table of home slots. A global database takes eleven. */
export const awsRegions = [
  "us-east-1",
  "eu-west-1",
  "us-west-2",
  "eu-central-1",
  "ap-southeast-1",
  "ap-northeast-1",
  "us-east-2",
  "eu-west-2",
  "ap-southeast-2",
  "ap-south-1",
  "eu-west-3",
] as const;
