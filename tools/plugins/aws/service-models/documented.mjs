// @ts-check

/**
 * Rules that AWS's documentation has and its service models lack. EC2 and RDS describe most of their members in words.
 * Each is quoted from the API reference; where the real provider is stricter, it is the provider's.
 * @typedef {{ pattern: RegExp, says: string }} Rule
 */

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html, and `validSecurityGroupRuleDescription` of the provider */
const EC2_DESCRIPTION = {
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/,
  says: "must have up to 255 characters of a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
};

const EC2_GROUP_NAME = {
  pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
  says: "must have up to 255 characters of a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*, and not begin with sg-",
};

const RDS_IDENTIFIER = {
  pattern: /^(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)$/,
  says: "must have 1 to 63 lower-case letters, digits and single hyphens, a letter first and no hyphen last",
};

const RDS_GROUP_NAME = {
  pattern: /^(?!.*--)[a-z][a-z0-9.-]{0,254}(?<!-)$/,
  says: "must have 1 to 255 lower-case letters, digits, full stops and single hyphens, a letter first and no hyphen last",
};

const RDS_SUBNET_GROUP_NAME = {
  pattern: /^(?!default$)[a-z0-9 ._-]{1,255}$/,
  says: "must have 1 to 255 lower-case letters, digits, full stops, underscores, spaces and hyphens, and not be default",
};

const RDS_DATABASE_NAME = {
  pattern: /^[A-Za-z][A-Za-z0-9_]{0,62}$/,
  says: "must have 1 to 63 letters, digits and underscores, a letter first",
};

const RDS_PASSWORD = {
  pattern: /^[!#-.0-?A-~]{8,99}$/,
  says: 'must have 8 to 99 printable ASCII characters, and none of /, ", @ and space',
};

const RDS_TAG = {
  pattern: /^(?!aws:|rds:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
  says: "must have letters, digits, spaces and _.:/=+-@, up to 256, and not begin with aws:",
};

const EC2_TAG_KEY = {
  pattern: /^(?!aws:).{1,127}$/su,
  says: "must have 1 to 127 characters, and not begin with aws:",
};
const EC2_TAG_VALUE = { pattern: /^.{0,256}$/su, says: "must have at most 256 characters" };

const DAY = "(mon|tue|wed|thu|fri|sat|sun)";
const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const WEEKLY = {
  pattern: new RegExp(`^${DAY}:${TIME}-${DAY}:${TIME}$`),
  says: "must be ddd:hh24:mi-ddd:hh24:mi",
};
const DAILY = { pattern: new RegExp(`^${TIME}-${TIME}$`), says: "must be hh24:mi-hh24:mi" };

const INSIGHTS_DAYS = {
  pattern: new RegExp(`^(7|731|${Array.from({ length: 23 }, (_, index) => 31 * (index + 1)).join("|")})$`),
  says: "must be 7, 731, or 31 to 713 in steps of 31",
};

/** @param {string[]} values */
const oneOf = (...values) => ({
  pattern: new RegExp(`^(${values.join("|")})$`),
  says: `must be one of ${values.join(", ")}`,
});

const MONITORING_SECONDS = oneOf("0", "1", "5", "10", "15", "30", "60");
const LIFECYCLE = oneOf("open-source-rds-extended-support", "open-source-rds-extended-support-disabled");

/** @type {Record<string, Rule>} by `SERVICE.STRUCTURE.MEMBER` */
const RULES = {
  "ec2.CreateSecurityGroupRequest.Description": EC2_DESCRIPTION,
  "ec2.CreateSecurityGroupRequest.GroupName": EC2_GROUP_NAME,
  "ec2.IpRange.Description": EC2_DESCRIPTION,
  "ec2.Ipv6Range.Description": EC2_DESCRIPTION,
  "ec2.PrefixListId.Description": EC2_DESCRIPTION,
  "ec2.UserIdGroupPair.Description": EC2_DESCRIPTION,
  "ec2.Tag.Key": EC2_TAG_KEY,
  "ec2.Tag.Value": EC2_TAG_VALUE,
  "ec2.CreateFlowLogsRequest.MaxAggregationInterval": oneOf("60", "600"),
  "kms.ScheduleKeyDeletionRequest.PendingWindowInDays": {
    pattern: /^([7-9]|[12]\d|30)$/,
    says: "must be 7 to 30",
  },
  "logs.PutRetentionPolicyRequest.retentionInDays": oneOf(
    ..."1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653".split(" "),
  ),
  "rds.Tag.Key": RDS_TAG,
  "rds.Tag.Value": RDS_TAG,
  "rds.CreateDBClusterMessage.BackupRetentionPeriod": {
    pattern: /^([1-9]|[12]\d|3[0-5])$/,
    says: "must be 1 to 35",
  },
  "rds.CreateDBClusterMessage.DBClusterIdentifier": RDS_IDENTIFIER,
  "rds.CreateDBClusterMessage.DatabaseName": RDS_DATABASE_NAME,
  "rds.CreateDBClusterMessage.MasterUsername": RDS_DATABASE_NAME,
  "rds.CreateDBClusterMessage.MasterUserPassword": RDS_PASSWORD,
  "rds.CreateDBClusterMessage.PreferredBackupWindow": DAILY,
  "rds.CreateDBClusterMessage.PreferredMaintenanceWindow": WEEKLY,
  "rds.CreateDBClusterMessage.StorageType": oneOf("aurora", "aurora-iopt1"),
  "rds.CreateDBClusterMessage.EngineLifecycleSupport": LIFECYCLE,
  "rds.CreateDBClusterMessage.PerformanceInsightsRetentionPeriod": INSIGHTS_DAYS,
  "rds.CreateGlobalClusterMessage.EngineLifecycleSupport": LIFECYCLE,
  "rds.CreateDBInstanceMessage.DBInstanceIdentifier": RDS_IDENTIFIER,
  "rds.CreateDBInstanceMessage.MonitoringInterval": MONITORING_SECONDS,
  "rds.CreateDBInstanceMessage.PerformanceInsightsRetentionPeriod": INSIGHTS_DAYS,
  "rds.CreateDBInstanceMessage.PreferredMaintenanceWindow": WEEKLY,
  "rds.CreateDBSubnetGroupMessage.DBSubnetGroupName": RDS_SUBNET_GROUP_NAME,
  "rds.CreateDBParameterGroupMessage.DBParameterGroupName": RDS_GROUP_NAME,
  "rds.CreateDBClusterParameterGroupMessage.DBClusterParameterGroupName": RDS_GROUP_NAME,
  "rds.DeleteDBClusterMessage.FinalDBSnapshotIdentifier": {
    pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{0,254}(?<!-)$/,
    says: "must have 1 to 255 letters, digits and single hyphens, a letter first and no hyphen last",
  },
  "rds.ConnectionPoolConfiguration.MaxConnectionsPercent": {
    pattern: /^([1-9]\d?|100)$/,
    says: "must be 1 to 100",
  },
  "rds.ServerlessV2ScalingConfiguration.MinCapacity": {
    pattern: /^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(\.5)?$|^256$/,
    says: "must be 0 to 256 in steps of 0.5",
  },
  "rds.ServerlessV2ScalingConfiguration.MaxCapacity": {
    pattern: /^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(\.5)?$|^256$/,
    says: "must be 1 to 256 in steps of 0.5",
  },
};

/**
 * @param {string} member `SERVICE.STRUCTURE.MEMBER`
 * @param {unknown} value
 * @returns {string[]} what it must be
 */
export function documentedRules(member, value) {
  const rule = Object.hasOwn(RULES, member) ? RULES[member] : undefined;
  return rule === undefined || rule.pattern.test(String(value)) ? [] : [rule.says];
}
