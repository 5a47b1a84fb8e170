import {
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  ModifyDBClusterCommand,
  RDSClient,
  SwitchoverGlobalClusterCommand,
  type DBCluster,
  type GlobalCluster,
} from "@aws-sdk/client-rds";
import type { AwsAccess } from "./access";
import { credentialOptions, requestLimits } from "./credentials";

/** Why there are no credentials to ask AWS with. Never a region's silence, though one of AWS's other services may be silent. */
export class NoCredentials extends Error {
  constructor(error: Error) {
    super(`${error.name === "Error" ? "" : `${error.name}: `}${error.message}`);
    this.name = "NoCredentials";
  }
}

/** A global database as AWS tells it. */
export interface GlobalDatabase {
  /** Such as `available`, `switching-over`, `failing-over`, `upgrading`. */
  readonly status: string;
  /** The host that follows the writer; empty where AWS gives none. */
  readonly writerHost: string;
  readonly members: readonly GlobalMember[];
  /** A change of the writer that is under way. */
  readonly change?: {
    readonly status: string;
    readonly to: string;
    /** Whether it is a failover. AWS's statuses of both are alike. */
    readonly allowsDataLoss: boolean;
  };
}

export interface GlobalMember {
  readonly arn: string;
  readonly isWriter: boolean;
  /** `connected`, or `pending-resync`; empty where AWS does not say. */
  readonly synchronization: string;
}

/** A member's cluster as AWS tells it. */
export interface MemberCluster {
  readonly arn: string;
  readonly status: string;
  readonly engineVersion: string;
  readonly instances: number;
  /** Whether a new password is yet to be applied. */
  readonly awaitsPassword: boolean;
}

/** What this package asks of RDS by itself. Everything else is the AWS provider's. */
export interface RdsApi {
  globalDatabase(awsRegion: string, id: string): Promise<GlobalDatabase>;
  cluster(awsRegion: string, name: string): Promise<MemberCluster | undefined>;
  /** @param target The ARN of the cluster that is to write. */
  switchover(awsRegion: string, id: string, target: string): Promise<void>;
  /** Promotes without the writer's consent. */
  failover(awsRegion: string, id: string, target: string): Promise<void>;
  setPassword(awsRegion: string, cluster: string, password: string): Promise<void>;
}

/** RDS by AWS's SDK, which takes endpoints from the environment, and credentials too where the access has none. */
export class AwsRdsApi implements RdsApi {
  readonly #clients = new Map<string, Promise<RDSClient>>();

  constructor(private readonly access: AwsAccess) {}

  async globalDatabase(awsRegion: string, id: string): Promise<GlobalDatabase> {
    const { GlobalClusters = [] } = await (
      await this.#client(awsRegion)
    ).send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id }));
    const [found] = GlobalClusters;
    if (found === undefined) {
      throw new Error(`there is no global database ${id} in ${awsRegion}`);
    }
    return globalDatabaseOf(found);
  }

  async cluster(awsRegion: string, name: string): Promise<MemberCluster | undefined> {
    try {
      const { DBClusters = [] } = await (
        await this.#client(awsRegion)
      ).send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
      return DBClusters[0] && clusterOf(DBClusters[0]);
    } catch (error) {
      if ((error as Error).name === "DBClusterNotFoundFault") {
        return undefined;
      }
      throw error;
    }
  }

  async switchover(awsRegion: string, id: string, target: string): Promise<void> {
    await (
      await this.#client(awsRegion)
    ).send(
      new SwitchoverGlobalClusterCommand({ GlobalClusterIdentifier: id, TargetDbClusterIdentifier: target }),
    );
  }

  async failover(awsRegion: string, id: string, target: string): Promise<void> {
    await (
      await this.#client(awsRegion)
    ).send(
      new FailoverGlobalClusterCommand({
        GlobalClusterIdentifier: id,
        TargetDbClusterIdentifier: target,
        AllowDataLoss: true,
      }),
    );
  }

  async setPassword(awsRegion: string, cluster: string, password: string): Promise<void> {
    await (
      await this.#client(awsRegion)
    ).send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: cluster,
        MasterUserPassword: password,
        ApplyImmediately: true,
      }),
    );
  }

  #client(awsRegion: string): Promise<RDSClient> {
    const client = this.#clients.get(awsRegion) ?? connect(this.access, awsRegion);
    this.#clients.set(awsRegion, client);
    return client;
  }
}

/** A client that has credentials: where they cannot be had, the region is not to blame. */
async function connect(access: AwsAccess, awsRegion: string): Promise<RDSClient> {
  const client = new RDSClient({
    region: awsRegion,
    ...credentialOptions(access, awsRegion),
    // A handover that gives up while AWS is busy is a handover that somebody has to run again.
    maxAttempts: 12,
    requestHandler: requestLimits,
  });
  try {
    await client.config.credentials();
  } catch (error) {
    throw new NoCredentials(error as Error);
  }
  return client;
}

function globalDatabaseOf({
  Status,
  Endpoint,
  GlobalClusterMembers,
  FailoverState,
}: GlobalCluster): GlobalDatabase {
  return {
    status: Status ?? "",
    writerHost: Endpoint ?? "",
    members: (GlobalClusterMembers ?? []).map(({ DBClusterArn, IsWriter, SynchronizationStatus }) => ({
      arn: DBClusterArn ?? "",
      isWriter: IsWriter ?? false,
      synchronization: SynchronizationStatus ?? "",
    })),
    ...(FailoverState === undefined
      ? {}
      : {
          change: {
            status: FailoverState.Status ?? "",
            to: FailoverState.ToDbClusterArn ?? "",
            allowsDataLoss: FailoverState.IsDataLossAllowed ?? false,
          },
        }),
  };
}

function clusterOf(cluster: DBCluster): MemberCluster {
  const { DBClusterArn, Status, EngineVersion, DBClusterMembers, PendingModifiedValues } = cluster;
  return {
    arn: DBClusterArn ?? "",
    status: Status ?? "",
    engineVersion: EngineVersion ?? "",
    instances: DBClusterMembers?.length ?? 0,
    awaitsPassword: PendingModifiedValues?.MasterUserPassword !== undefined,
  };
}
