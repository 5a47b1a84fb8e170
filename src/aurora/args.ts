import type { Input } from "@pulumi/pulumi";
import type { TopologyArgs } from "../topology";
import type { AssumedRole } from "./provider/access";

export type { AssumedRole };

/** Where a region's database is reached: what a `RegionNetwork` of `RegionNetworks` gives, or a VPC of the user's. */
export interface AuroraNetworkArgs {
  /**
   * The AWS region of the VPC. It must be that of the region which the network is given to.
   *
   * @default not compared
   */
  awsRegion?: string;

  /** The id of the VPC, such as `vpc-0123456789abcdef0`. */
  vpcId: Input<string>;

  /**
   * The ids of the subnets that instances are put into: two or more, in two availability zones at least, as AWS asks
   * of a subnet group. They should be private.
   */
  databaseSubnetIds: Input<Input<string>[]>;

  /**
   * The CIDR blocks from which the database may be reached, on port 5432: the VPC's own, and those of regions and
   * networks that are peered with it. `0.0.0.0/0` is refused.
   */
  clientCidrBlocks: Input<Input<string>[]>;
}

/** The capacity of instances of Aurora Serverless v2, in Aurora capacity units of about 2 GiB of memory each. */
export interface ServerlessArgs {
  /**
   * The least: a multiple of 0.5, from 0.5 to `maxCapacity`. 0, with which an idle instance is paused, needs 14.12, 15.7,
   * 16.3 or newer. AWS recommends 8 or more for a global database, so that a region can take over the writer's load.
   */
  minCapacity: number;

  /** The most: a multiple of 0.5, from 1 to 256. */
  maxCapacity: number;
}

/** An RDS Proxy. */
export interface AuroraProxyArgs {
  /**
   * How many of the connections that the instances take the proxy may use, in percent: 1 to 100.
   *
   * @default 100; 75 with `writeForwarding`, which has a share of its own
   */
  maxConnectionsPercent?: number;
}

/** A region of an Aurora global database: a cluster in an AWS region, and its instances. */
export interface AuroraRegionArgs {
  /**
   * Which AWS region it is, such as `eu-west-1`. A global database takes one cluster an AWS region. Decided once: in
   * another one the region would be another database.
   *
   * @default that of its network, or the region's name
   */
  awsRegion?: string;

  /** Where its database is reached. */
  network: AuroraNetworkArgs;

  /**
   * How many instances: 0 to 16. Two or more survive the loss of one within the region, in other availability zones. A
   * reader without any is headless: it keeps a copy of the data and answers nobody. The primary needs one.
   *
   * @default 1
   */
  instances?: number;

  /**
   * The class of its instances: memory-optimised, `db.r5.large` or larger, as AWS asks of a global database. The writer
   * may move to any region, so a smaller class here is a slower writer then.
   *
   * @default the topology's `instanceClass`
   */
  instanceClass?: string;

  /**
   * Makes the instances of the class `db.serverless`, with this capacity.
   *
   * @default instances of a class
   */
  serverless?: ServerlessArgs;

  /**
   * Has an RDS Proxy before its instances, which pools connections: `pooler` of the region. Every region that is to have
   * one before and after a handover has to be given one: `readWrite` answers where the writer is, and an application
   * that goes through it goes to another region's afterwards. A headless region can have none.
   *
   * A proxy asks for TLS. Its certificate is signed by Amazon's public authorities, not by those of `caCertificate`:
   * libpq checks it with `sslrootcert=system`.
   *
   * @default no proxy
   */
  proxy?: AuroraProxyArgs;

  /**
   * Whether AWS and Pulumi refuse to delete its cluster. Before a region is taken out of `regions`, set it to false and
   * run `pulumi up`: before that, a preview refuses to take it out.
   *
   * @default the topology's `deletionProtection`
   */
  deletionProtection?: boolean;
}

/**
 * One PostgreSQL across AWS regions, as an Aurora global database.
 *
 * What is refused beside what every engine refuses: `durability: "region"`, because Aurora replicates between regions
 * asynchronously (see `recoveryPointSeconds`); `roles`, because nothing of this package connects into a VPC; of
 * `secrets` all but the owner's password, because servers' certificates are AWS's own.
 */
export interface AuroraPostgresArgs<Name extends string = string> extends TopologyArgs<
  AuroraRegionArgs,
  Name
> {
  /**
   * What the names of everything in AWS begin with: lower-case letters, digits and single hyphens, a letter first. The
   * cluster of a region is called `IDENTIFIER-REGION`. Decided once: another one would be another database.
   *
   * @default `NAME-STACK`, the component's and the stack's
   */
  identifier?: string;

  /**
   * The version of Aurora PostgreSQL, `MAJOR.MINOR`: 14.3, 15.2, 16.1 or newer. Raised, every member is upgraded, the
   * readers before the writer, by the global cluster; a major version too. Not while a region is lost. AWS upgrades to a
   * major version only while `recoveryPointSeconds` is not set, and a headless region only with an instance.
   *
   * @default "16.13"
   */
  engineVersion?: string;

  /**
   * The class of instances, where a region says nothing else: memory-optimised, `db.r5.large` or larger.
   *
   * @default "db.r6g.large"
   */
  instanceClass?: string;

  /**
   * The id of a global database that exists already, to join it: its writer is outside this topology. Every region is a
   * reader then, `primary` only the first of them; the writer moves by the program that owns it. `engineVersion`,
   * `database` and the owner's password in `secrets.passwords` are those of that database. Decided once.
   *
   * @default a global database is made
   */
  globalDatabaseId?: string;

  /**
   * The AWS region of the writer that is joined, at the time when a region is added: AWS copies what is encrypted for
   * those alone who say where from. Given beside `globalDatabaseId`.
   *
   * @default none is joined
   */
  globalDatabaseAwsRegion?: string;

  /**
   * Whether AWS and Pulumi refuse to delete the clusters and the global database: Pulumi by `protect`, since AWS refuses
   * only once the provider has taken a cluster out of the global database. Without it, deleting takes no final snapshot
   * either, and secrets and keys go as soon as AWS lets them: before `pulumi destroy`, set it to false and run
   * `pulumi up`.
   *
   * @default true
   */
  deletionProtection?: boolean;

  /**
   * How many days automated backups are kept, in every region: 7 to 35.
   *
   * @default 7
   */
  backupRetentionDays?: number;

  /**
   * Whether AWS Backup keeps daily backups of every region for 35 days too, in a vault of the region's own. AWS Backup
   * makes none of Aurora where the account has not opted in, in each AWS region: `aws backup describe-region-settings`
   * tells, `aws backup update-region-settings --resource-type-opt-in-preference Aurora=true` opts in. That setting is
   * the whole account's, so it is not changed here
   * (https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html).
   *
   * @default true
   */
  backupPlan?: boolean;

  /**
   * When AWS takes its daily automated backups, in UTC: `HH:MM-HH:MM`, 30 minutes or more, apart from `maintenanceWindow`.
   * AWS Backup's daily backup begins at 05:00.
   *
   * @default a window of AWS's choice for each region
   */
  backupWindow?: string;

  /**
   * When AWS may apply what needs a restart, such as patches of the operating system, in UTC: `ddd:HH:MM-ddd:HH:MM`, such
   * as `sun:03:00-sun:04:00`, 30 minutes to 24 hours.
   *
   * @default windows of AWS's choice for each region's cluster and its instances
   */
  maintenanceWindow?: string;

  /**
   * Whether a cluster that is deleted leaves a snapshot behind, called `IDENTIFIER-REGION-final`. AWS deletes nothing
   * while there is an older snapshot of this name.
   *
   * @default true while `deletionProtection` is on, which lets nothing be deleted anyway; false without it
   */
  finalSnapshot?: boolean;

  /**
   * How storage is billed: `aurora-iopt1`, Aurora I/O-Optimized, costs more for instances and storage and nothing for
   * input and output. AWS lets a cluster change to it once in 30 days. To go back, change every region by `aws rds
   * modify-db-cluster --storage-type aurora` and take the argument out.
   *
   * @default Aurora Standard where a cluster is made; a cluster that is there keeps what it has
   */
  storageType?: "aurora-iopt1";

  /**
   * How many seconds a reader may be behind before the writer waits with commits: Aurora's `rds.global_db_rpo`, 20 or
   * more. At least one reader is then never further behind, so that a failover loses no more; a writer of which no
   * reader keeps up acknowledges nothing. It is what comes nearest to `durability: "region"`.
   *
   * In the group of the region that writes alone, and off while a region is in `lost` or no reader has instances: a writer
   * whose readers AWS rebuilds after a failover would acknowledge nothing. Without effect where `globalDatabaseId` is given.
   *
   * @default readers may be behind as far as they are
   */
  recoveryPointSeconds?: number;

  /**
   * Whether readers pass on what is written to them, where a session sets `apg_write_forward.consistency_mode`. Needs
   * 14.9, 15.4 or any 16 and newer.
   *
   * @default false
   */
  writeForwarding?: boolean;

  /**
   * The mode of CloudWatch Database Insights, which took the place of Performance Insights on 31 July 2026: `standard`
   * keeps 7 days, `advanced` 465, at a price. A change is made in place. Taken out again, the mode stays as it is.
   *
   * @default 7 days are kept, and the mode is AWS's default, which is `standard`
   */
  databaseInsights?: "standard" | "advanced";

  /**
   * The certificate authorities of Aurora's servers, PEM, as AWS publishes them for each region at
   * `https://truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem`. Needed where the package knows none: in
   * ap-east-2, ap-southeast-5, -6 and -7, ca-west-1, il-central-1, mx-central-1, and in the partitions of China, the US
   * governments and the European Sovereign Cloud.
   *
   * @default the authorities of the regions' AWS regions, three each, as far as the package knows them
   */
  caCertificate?: Input<string>;

  /**
   * The profile of AWS's shared configuration by which handovers and changes of the password are made, which are this
   * package's own calls. Without it and `assumeRoles` they ask as the default AWS provider does: by the stack's
   * `aws:profile`, `aws:accessKey`, `aws:secretKey`, `aws:token` and `aws:assumeRoles`, or else by what AWS's SDK finds
   * in the environment. Of an explicit provider (`provider` or `providers` of the component's options) nothing can be
   * read: give `profile` or `assumeRoles` as in that provider, unless both take the environment's. Another account than
   * the provider's is refused before anything is created. Endpoints follow `AWS_ENDPOINT_URL`.
   *
   * @default what the AWS provider has, as far as it can be read
   */
  profile?: string;

  /**
   * The roles of IAM that handovers and changes of the password assume, each by the one before it, the first one by
   * `profile` or by what is in the environment. Of the form of the AWS provider's own `assumeRoles`. The rights that the
   * last one needs are in docs/aws-operations.md.
   *
   * @default what the AWS provider has, as far as it can be read
   */
  assumeRoles?: AssumedRole[];

  /**
   * Tags of everything that takes any. Snapshots get them too.
   *
   * @default {}
   */
  tags?: Record<string, Input<string>>;
}

/** What stands in `AuroraPostgresArgs` where nothing is given. Part of the contract: they never change. */
export const auroraDefaults = {
  engineVersion: "16.13",
  instanceClass: "db.r6g.large",
  deletionProtection: true,
  backupRetentionDays: 7,
  backupPlan: true,
  writeForwarding: false,
} as const;
