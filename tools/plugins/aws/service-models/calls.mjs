// @ts-check

/**
 * The member that an input goes to, by the input's name. An input that is not listed goes to the member of the same name.
 * @typedef {Record<string, string | Block>} Members
 *
 * An input with inputs of its own.
 * @typedef {object} Block
 * @property {string} to path of the member
 * @property {Members} within
 * @property {readonly string[]} [adds] members of the same structure that other inputs give
 *
 * A call of AWS's API that the provider makes of a resource's inputs.
 * @typedef {object} ApiCall
 * @property {string} service
 * @property {string} operation
 * @property {Members} [members]
 * @property {readonly string[]} [adds] members that the provider gives by itself
 * @property {readonly string[]} [notSent] inputs that no call has
 */

/**
 * @param {string} to
 * @param {Members} [within]
 * @returns {Block}
 */
const into = (to, within = {}) => ({ to, within });

/** @type {Members} */
const RULE = {
  protocol: "IpProtocol",
  description: "IpRanges.Description",
  cidrBlocks: "IpRanges.CidrIp",
  ipv6CidrBlocks: "Ipv6Ranges.CidrIpv6",
  securityGroups: "UserIdGroupPairs.GroupId",
  prefixListIds: "PrefixListIds.PrefixListId",
};

/** @type {Members} */
const SINGLE_RULE = {
  securityGroupId: "GroupId",
  description: "IpPermissions.IpRanges.Description",
  ipProtocol: "IpPermissions.IpProtocol",
  fromPort: "IpPermissions.FromPort",
  toPort: "IpPermissions.ToPort",
  cidrIpv4: "IpPermissions.IpRanges.CidrIp",
  cidrIpv6: "IpPermissions.Ipv6Ranges.CidrIpv6",
  referencedSecurityGroupId: "IpPermissions.UserIdGroupPairs.GroupId",
};

/** @type {ApiCall[]} */
const RULES = ["ingress", "egress"].map((direction) => ({
  service: "ec2",
  operation: `AuthorizeSecurityGroup${direction === "ingress" ? "Ingress" : "Egress"}`,
  members: { [direction]: into("IpPermissions", RULE) },
  adds: ["GroupId"],
}));

const PEERING_OPTIONS = { allowRemoteVpcDnsResolution: "AllowDnsResolutionFromRemoteVpc" };

const RECORD = "ChangeBatch.Changes.ResourceRecordSet";
const HEALTH_CHECK = "HealthCheckConfig";

/** @type {Record<string, ApiCall[]>} by token; the first call is the one that makes the resource */
export const CALLS = {
  "aws:backup/plan:Plan": [
    {
      service: "backup",
      operation: "CreateBackupPlan",
      members: {
        name: "BackupPlan.BackupPlanName",
        rules: into("BackupPlan.Rules", {
          targetVaultName: "TargetBackupVaultName",
          schedule: "ScheduleExpression",
          startWindow: "StartWindowMinutes",
          completionWindow: "CompletionWindowMinutes",
          lifecycle: into("Lifecycle", {
            deleteAfter: "DeleteAfterDays",
            coldStorageAfter: "MoveToColdStorageAfterDays",
          }),
        }),
        tags: "BackupPlanTags",
      },
    },
  ],
  "aws:backup/selection:Selection": [
    {
      service: "backup",
      operation: "CreateBackupSelection",
      members: {
        planId: "BackupPlanId",
        name: "BackupSelection.SelectionName",
        iamRoleArn: "BackupSelection.IamRoleArn",
        resources: "BackupSelection.Resources",
      },
    },
  ],
  "aws:backup/vault:Vault": [
    {
      service: "backup",
      operation: "CreateBackupVault",
      members: { name: "BackupVaultName", kmsKeyArn: "EncryptionKeyArn", tags: "BackupVaultTags" },
      notSent: ["forceDestroy"],
    },
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    {
      service: "logs",
      operation: "CreateLogGroup",
      members: { name: "logGroupName" },
      notSent: ["namePrefix", "skipDestroy"],
    },
    {
      service: "logs",
      operation: "PutRetentionPolicy",
      members: { retentionInDays: "retentionInDays" },
      adds: ["logGroupName"],
    },
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    {
      service: "ec2",
      operation: "CreateTags",
      members: { tags: "Tags" },
      adds: ["Resources"],
      notSent: ["vpcId"],
    },
    ...RULES,
  ],
  "aws:ec2/eip:Eip": [{ service: "ec2", operation: "AllocateAddress" }],
  "aws:ec2/flowLog:FlowLog": [
    {
      service: "ec2",
      operation: "CreateFlowLogs",
      members: { vpcId: "ResourceIds", subnetId: "ResourceIds", iamRoleArn: "DeliverLogsPermissionArn" },
      adds: ["ResourceType"],
    },
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    { service: "ec2", operation: "CreateInternetGateway" },
    {
      service: "ec2",
      operation: "AttachInternetGateway",
      members: { vpcId: "VpcId" },
      adds: ["InternetGatewayId"],
    },
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    {
      service: "ec2",
      operation: "CreateLaunchTemplate",
      members: {
        name: "LaunchTemplateName",
        description: "VersionDescription",
        metadataOptions: into("LaunchTemplateData.MetadataOptions"),
        blockDeviceMappings: into("LaunchTemplateData.BlockDeviceMappings"),
        tagSpecifications: into("LaunchTemplateData.TagSpecifications"),
      },
    },
  ],
  "aws:ec2/natGateway:NatGateway": [{ service: "ec2", operation: "CreateNatGateway" }],
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": [
    {
      service: "ec2",
      operation: "ModifyVpcPeeringConnectionOptions",
      members: {
        requester: into("RequesterPeeringConnectionOptions", PEERING_OPTIONS),
        accepter: into("AccepterPeeringConnectionOptions", PEERING_OPTIONS),
      },
    },
  ],
  "aws:ec2/route:Route": [{ service: "ec2", operation: "CreateRoute" }],
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": [
    {
      service: "ec2",
      operation: "ReplaceRouteTableAssociation",
      adds: ["AssociationId"],
      notSent: ["vpcId"],
    },
  ],
  "aws:ec2/managedPrefixList:ManagedPrefixList": [
    {
      service: "ec2",
      operation: "CreateManagedPrefixList",
      members: { name: "PrefixListName", entries: into("Entries") },
    },
  ],
  "aws:ec2/routeTable:RouteTable": [{ service: "ec2", operation: "CreateRouteTable" }],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    { service: "ec2", operation: "AssociateRouteTable" },
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    {
      service: "ec2",
      operation: "CreateSecurityGroup",
      members: { name: "GroupName" },
      notSent: ["revokeRulesOnDelete"],
    },
    ...RULES,
  ],
  "aws:ec2/subnet:Subnet": [
    { service: "ec2", operation: "CreateSubnet" },
    {
      service: "ec2",
      operation: "ModifySubnetAttribute",
      members: {
        mapPublicIpOnLaunch: "MapPublicIpOnLaunch.Value",
        assignIpv6AddressOnCreation: "AssignIpv6AddressOnCreation.Value",
        enableDns64: "EnableDns64.Value",
        enableResourceNameDnsARecordOnLaunch: "EnableResourceNameDnsARecordOnLaunch.Value",
        enableResourceNameDnsAaaaRecordOnLaunch: "EnableResourceNameDnsAAAARecordOnLaunch.Value",
        privateDnsHostnameTypeOnLaunch: "PrivateDnsHostnameTypeOnLaunch",
      },
      adds: ["SubnetId"],
    },
  ],
  "aws:ec2/vpc:Vpc": [
    { service: "ec2", operation: "CreateVpc" },
    {
      service: "ec2",
      operation: "ModifyVpcAttribute",
      members: { enableDnsSupport: "EnableDnsSupport.Value", enableDnsHostnames: "EnableDnsHostnames.Value" },
      adds: ["VpcId"],
    },
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    { service: "ec2", operation: "CreateVpcEndpoint", members: { policy: "PolicyDocument" } },
  ],
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": [
    { service: "ec2", operation: "CreateVpcPeeringConnection" },
  ],
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": [
    {
      service: "ec2",
      operation: "AcceptVpcPeeringConnection",
      notSent: ["autoAccept"],
    },
    { service: "ec2", operation: "CreateTags", members: { tags: "Tags" }, adds: ["Resources"] },
  ],
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": [
    { service: "ec2", operation: "CreateTransitGatewayVpcAttachment" },
  ],
  "aws:networkmanager/vpcAttachment:VpcAttachment": [
    { service: "networkmanager", operation: "CreateVpcAttachment" },
  ],
  "aws:eks/accessEntry:AccessEntry": [{ service: "eks", operation: "CreateAccessEntry" }],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": [
    { service: "eks", operation: "AssociateAccessPolicy" },
  ],
  "aws:eks/addon:Addon": [
    {
      service: "eks",
      operation: "CreateAddon",
      members: {
        resolveConflictsOnCreate: "resolveConflicts",
      },
      notSent: ["preserve", "resolveConflictsOnUpdate"],
    },
  ],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [
    { service: "eks", operation: "CreatePodIdentityAssociation" },
  ],
  "aws:eks/cluster:Cluster": [
    {
      service: "eks",
      operation: "CreateCluster",
      members: {
        vpcConfig: into("resourcesVpcConfig"),
        enabledClusterLogTypes: "logging.clusterLogging.types",
      },
    },
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    {
      service: "eks",
      operation: "CreateNodegroup",
      members: { nodeGroupName: "nodegroupName", nodeRoleArn: "nodeRole", subnetIds: "subnets" },
      notSent: ["forceUpdateVersion"],
    },
  ],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": [
    {
      service: "iam",
      operation: "CreateOpenIDConnectProvider",
      members: { clientIdLists: "ClientIDList", thumbprintLists: "ThumbprintList" },
    },
  ],
  "aws:iam/role:Role": [
    {
      service: "iam",
      operation: "CreateRole",
      members: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
      notSent: ["forceDetachPolicies", "namePrefix"],
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    {
      service: "iam",
      operation: "PutRolePolicy",
      members: { role: "RoleName", name: "PolicyName", policy: "PolicyDocument" },
    },
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    { service: "iam", operation: "AttachRolePolicy", members: { role: "RoleName" } },
  ],
  "aws:kms/alias:Alias": [{ service: "kms", operation: "CreateAlias", members: { name: "AliasName" } }],
  "aws:kms/key:Key": [
    { service: "kms", operation: "CreateKey", notSent: ["enableKeyRotation", "isEnabled"] },
    {
      service: "kms",
      operation: "ScheduleKeyDeletion",
      members: { deletionWindowInDays: "PendingWindowInDays" },
      adds: ["KeyId"],
    },
  ],
  "aws:rds/cluster:Cluster": [
    {
      service: "rds",
      operation: "CreateDBCluster",
      members: {
        clusterIdentifier: "DBClusterIdentifier",
        masterPassword: "MasterUserPassword",
        enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
        iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
        performanceInsightsEnabled: "EnablePerformanceInsights",
      },
      notSent: [
        "applyImmediately",
        "allowMajorVersionUpgrade",
        "skipFinalSnapshot",
        "sourceRegion",
        "snapshotIdentifier",
      ],
    },
    {
      service: "rds",
      operation: "DeleteDBCluster",
      members: {
        finalSnapshotIdentifier: "FinalDBSnapshotIdentifier",
        deleteAutomatedBackups: "DeleteAutomatedBackups",
      },
      adds: ["DBClusterIdentifier"],
    },
  ],
  "aws:rds/clusterInstance:ClusterInstance": [
    {
      service: "rds",
      operation: "CreateDBInstance",
      members: {
        identifier: "DBInstanceIdentifier",
        clusterIdentifier: "DBClusterIdentifier",
        instanceClass: "DBInstanceClass",
        performanceInsightsEnabled: "EnablePerformanceInsights",
      },
      notSent: ["applyImmediately", "forceDestroy"],
    },
  ],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": [
    {
      service: "rds",
      operation: "CreateDBClusterParameterGroup",
      members: { name: "DBClusterParameterGroupName", family: "DBParameterGroupFamily" },
    },
    {
      service: "rds",
      operation: "ModifyDBClusterParameterGroup",
      members: { parameters: into("Parameters", { name: "ParameterName", value: "ParameterValue" }) },
      adds: ["DBClusterParameterGroupName"],
    },
  ],
  "aws:rds/globalCluster:GlobalCluster": [
    { service: "rds", operation: "CreateGlobalCluster", notSent: ["forceDestroy"] },
  ],
  "aws:rds/parameterGroup:ParameterGroup": [
    {
      service: "rds",
      operation: "CreateDBParameterGroup",
      members: { name: "DBParameterGroupName", family: "DBParameterGroupFamily" },
      notSent: ["skipDestroy"],
    },
    {
      service: "rds",
      operation: "ModifyDBParameterGroup",
      members: { parameters: into("Parameters", { name: "ParameterName", value: "ParameterValue" }) },
      adds: ["DBParameterGroupName"],
    },
  ],
  "aws:rds/proxy:Proxy": [
    {
      service: "rds",
      operation: "CreateDBProxy",
      members: { name: "DBProxyName", auths: into("Auth", { iamAuth: "IAMAuth" }) },
    },
  ],
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": [
    { service: "rds", operation: "ModifyDBProxyTargetGroup", adds: ["TargetGroupName"] },
  ],
  "aws:rds/proxyEndpoint:ProxyEndpoint": [{ service: "rds", operation: "CreateDBProxyEndpoint" }],
  "aws:rds/proxyTarget:ProxyTarget": [
    {
      service: "rds",
      operation: "RegisterDBProxyTargets",
      members: { dbClusterIdentifier: "DBClusterIdentifiers", dbInstanceIdentifier: "DBInstanceIdentifiers" },
    },
  ],
  "aws:rds/subnetGroup:SubnetGroup": [
    {
      service: "rds",
      operation: "CreateDBSubnetGroup",
      members: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
    },
  ],
  "aws:route53/healthCheck:HealthCheck": [
    {
      service: "route53",
      operation: "CreateHealthCheck",
      members: {
        type: `${HEALTH_CHECK}.Type`,
        fqdn: `${HEALTH_CHECK}.FullyQualifiedDomainName`,
        ipAddress: `${HEALTH_CHECK}.IPAddress`,
        port: `${HEALTH_CHECK}.Port`,
        resourcePath: `${HEALTH_CHECK}.ResourcePath`,
        enableSni: `${HEALTH_CHECK}.EnableSNI`,
        requestInterval: `${HEALTH_CHECK}.RequestInterval`,
        failureThreshold: `${HEALTH_CHECK}.FailureThreshold`,
        disabled: `${HEALTH_CHECK}.Disabled`,
      },
      adds: ["CallerReference"],
    },
    {
      service: "route53",
      operation: "ChangeTagsForResource",
      members: { tags: "AddTags" },
      adds: ["ResourceType", "ResourceId"],
    },
  ],
  "aws:route53/record:Record": [
    {
      service: "route53",
      operation: "ChangeResourceRecordSets",
      members: {
        zoneId: "HostedZoneId",
        name: `${RECORD}.Name`,
        type: `${RECORD}.Type`,
        ttl: `${RECORD}.TTL`,
        records: `${RECORD}.ResourceRecords.Value`,
        setIdentifier: `${RECORD}.SetIdentifier`,
        healthCheckId: `${RECORD}.HealthCheckId`,
        aliases: into(`${RECORD}.AliasTarget`, { name: "DNSName", zoneId: "HostedZoneId" }),
        latencyRoutingPolicies: { ...into(RECORD, { region: "Region" }), adds: ["Name", "Type"] },
        weightedRoutingPolicies: { ...into(RECORD, { weight: "Weight" }), adds: ["Name", "Type"] },
        geolocationRoutingPolicies: into(`${RECORD}.GeoLocation`, {
          continent: "ContinentCode",
          country: "CountryCode",
          subdivision: "SubdivisionCode",
        }),
      },
    },
  ],
  "aws:secretsmanager/secret:Secret": [
    {
      service: "secretsmanager",
      operation: "CreateSecret",
      members: {
        replicas: into("AddReplicaRegions"),
        forceOverwriteReplicaSecret: "ForceOverwriteReplicaSecret",
      },
      notSent: ["recoveryWindowInDays"],
    },
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    { service: "secretsmanager", operation: "PutSecretValue" },
  ],
  "aws:ssm/parameter:Parameter": [
    { service: "ssm", operation: "PutParameter", members: { insecureValue: "Value" } },
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    { service: "ec2", operation: "AuthorizeSecurityGroupEgress", members: SINGLE_RULE },
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    { service: "ec2", operation: "AuthorizeSecurityGroupIngress", members: SINGLE_RULE },
  ],
};
