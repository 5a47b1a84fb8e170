import type { Member, TopologyInputs } from "./inputs";
import { isSilence } from "./silence";
import type { GlobalDatabase, GlobalMember, MemberCluster, RdsApi } from "./rds-api";

/** A region that is not lost, as it was found. */
export interface SeenRegion {
  readonly name: string;
  readonly member: Member;
  /** What its cluster is like; undefined where there is none. */
  readonly cluster: MemberCluster | undefined;
  /** What it is to the global database; undefined where it is no member. */
  readonly membership: GlobalMember | undefined;
}

/** The global database, and every region that is not lost. */
export interface Seen {
  readonly database: GlobalDatabase;
  readonly regions: readonly SeenRegion[];
}

/** Looks at everything that is not lost. Where AWS does not answer nothing is known, and nothing is done. */
export async function lookAt(inputs: TopologyInputs, api: RdsApi): Promise<Seen> {
  const { globalDatabaseId, primary, regions } = inputs;
  const present = Object.entries(regions).filter(([, { activity }]) => activity !== "lost");
  const [database, ...clusters] = await Promise.all([
    // Any member's AWS region knows the global database; the one that is to write is not lost.
    asked(primary, api.globalDatabase(regions[primary]!.awsRegion, globalDatabaseId)),
    ...present.map(([name, { awsRegion, cluster }]) => asked(name, api.cluster(awsRegion, cluster))),
  ]);
  return {
    database,
    regions: present.map(([name, member], index) => ({
      name,
      member,
      cluster: clusters[index],
      membership: database.members.find(({ arn }) => isOf(arn, member)),
    })),
  };
}

async function asked<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new Error(`${name} cannot be asked: ${reasonOf(error as Error)}`, { cause: error });
  }
}

/** AWS's own words. Only silence may mean that a region is gone: missing rights, say, call for no failover. */
function reasonOf(error: Error): string {
  return isSilence(error)
    ? `${error.message}. If AWS has lost that region, name it in lost and run pulumi up: commits of a lost writer ` +
        "that no other region has received are lost"
    : `${error.name === "Error" ? "" : `${error.name}: `}${error.message}`;
}

/** Whether an ARN, `arn:PARTITION:rds:REGION:ACCOUNT:cluster:NAME`, is that of a region's cluster. */
export function isOf(arn: string, { awsRegion, cluster }: Member): boolean {
  const [, , , region, , , name] = arn.split(":");
  return region === awsRegion && name === cluster;
}

/** The name of the region that a member is; undefined where it is none of these. */
export function regionOf(arn: string, regions: Readonly<Record<string, Member>>): string | undefined {
  return Object.keys(regions).find((name) => isOf(arn, regions[name]!));
}

/** Whether AWS is changing the writer, or is about to. */
export function isChanging({ status, change }: GlobalDatabase): boolean {
  return (
    ["switching-over", "failing-over"].includes(status) ||
    (change !== undefined &&
      ["pending", "failing-over", "switching-over", "cancelling"].includes(change.status))
  );
}

/** Whether it does so without the writer's consent. */
export function isFailingOver({ status, change }: GlobalDatabase): boolean {
  return [status, change?.status].includes("failing-over");
}

export function writerOf({ members }: GlobalDatabase): GlobalMember | undefined {
  return members.find(({ isWriter }) => isWriter);
}
