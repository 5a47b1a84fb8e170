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
  // Any member's AWS region knows the global database; the one that is to write is not lost.
  const [database, ...clusters] = await Promise.allSettled([
    api.globalDatabase(regions[primary]!.awsRegion, globalDatabaseId),
    ...present.map(([, { awsRegion, cluster }]) => api.cluster(awsRegion, cluster)),
  ]);
  const answers = [
    { name: primary, answer: database },
    ...present.map(([name], index) => ({ name, answer: clusters[index]! })),
  ];
  const unanswered = answers.flatMap(({ name, answer }) =>
    answer.status === "rejected" ? [{ name, error: answer.reason as Error }] : [],
  );
  if (unanswered.length > 0) {
    throw notAnswered(primary, unanswered, present.length);
  }
  const found = (database as PromiseFulfilledResult<GlobalDatabase>).value;
  return {
    database: found,
    regions: present.map(([name, member], index) => ({
      name,
      member,
      cluster: (clusters[index] as PromiseFulfilledResult<MemberCluster | undefined>).value,
      membership: found.members.find(({ arn }) => isOf(arn, member)),
    })),
  };
}

interface Unanswered {
  readonly name: string;
  readonly error: Error;
}

/**
 * AWS's own words. Only silence may mean that a region is gone: missing rights, an expired token or throttling call for
 * no failover. A region that refuses is told before one that is silent.
 */
function notAnswered(primary: string, unanswered: readonly Unanswered[], asked: number): Error {
  const refused = unanswered.find(({ error }) => !isSilence(error));
  const { name, error } = refused ?? unanswered[0]!;
  const said = `${name} cannot be asked: ${error.name === "Error" || isSilence(error) ? "" : `${error.name}: `}${error.message}`;
  if (refused !== undefined) {
    return new Error(said, { cause: error });
  }
  const silent = [...new Set(unanswered.map((each) => each.name))];
  return new Error(`${said}. ${adviceFor(primary, silent, asked)}`, { cause: error });
}

/** What may be done about regions that do not answer. */
function adviceFor(primary: string, silent: readonly string[], asked: number): string {
  if (silent.length === asked) {
    return "No region answers: look whether this machine reaches AWS, and run pulumi up again";
  }
  const others = silent.filter((name) => name !== primary);
  if (others.length < silent.length) {
    return `${primary} is to write and cannot: give a primary that answers, or run pulumi up again later`;
  }
  return (
    `If AWS has lost ${others.join(" and ")}, name ${others.length === 1 ? "it" : "them"} in lost and run pulumi up: ` +
    "commits of a lost writer that no other region has received are lost"
  );
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

/** Whether AWS is changing the writer, or is about to, or is not done with what comes after. */
export function isChanging({ status, change }: GlobalDatabase): boolean {
  return (
    ["switching-over", "failing-over"].includes(status) ||
    (change !== undefined &&
      ["pending", "failing-over", "switching-over", "cancelling"].includes(change.status))
  );
}

/** Whether it does so without the writer's consent. AWS tells that apart by no status. */
export function isFailingOver(database: GlobalDatabase): boolean {
  return isChanging(database) && database.change?.allowsDataLoss === true;
}

/** Whether the writer of a failover accepts writes already, and AWS rebuilds the readers, for minutes to hours. */
export function isRebuilding(database: GlobalDatabase): boolean {
  return isFailingOver(database) && writerOf(database)?.arn === database.change?.to;
}

/** Whether a cluster is at work. A backup does not stop it. */
export function isAvailable({ status }: MemberCluster): boolean {
  return ["available", "backing-up"].includes(status);
}

export function writerOf({ members }: GlobalDatabase): GlobalMember | undefined {
  return members.find(({ isWriter }) => isWriter);
}
