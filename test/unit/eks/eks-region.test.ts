import { isArm } from "../../../src/eks/plan";
import { args, known, make } from "./eks";

describe("EksRegion", () => {
  it("gives the AWS region to everything that has one", async () => {
    const { resources } = await make();
    const without = resources.filter(({ inputs }) => inputs["region"] !== "eu-south-1");
    expect(without.map(({ type }) => type).filter((type) => !type.startsWith("aws:iam/"))).toEqual([]);
    expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "AccessEntry rome-access-deployers",
      "AccessEntry rome-access-readers",
      "AccessPolicyAssociation rome-access-deployers",
      "AccessPolicyAssociation rome-access-readers",
      "Addon rome-addon-aws-ebs-csi-driver",
      "Addon rome-addon-coredns",
      "Addon rome-addon-kube-proxy",
      "Addon rome-addon-vpc-cni",
      "Alias rome-key",
      "Cluster rome",
      "Key rome-key",
      "LaunchTemplate rome-nodes",
      "LogGroup rome-log",
      "NodeGroup rome-nodes",
      "OpenIdConnectProvider rome-oidc",
      "Role rome-cluster",
      "Role rome-nodes",
      "Role rome-volumes",
      "RolePolicyAttachment rome-cluster-cluster",
      "RolePolicyAttachment rome-nodes-cni",
      "RolePolicyAttachment rome-nodes-images",
      "RolePolicyAttachment rome-nodes-workers",
      "RolePolicyAttachment rome-volumes-ebs",
      "SecurityGroup rome-api",
    ]);
  });

  it("puts the cluster into the network's private subnets, with its services' addresses", async () => {
    const { of } = await make();
    expect(of("Cluster")["rome"]).toMatchObject({
      name: "rome-test",
      vpcConfig: { subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["rome-api-id"] },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/20" },
      deletionProtection: true,
      tags: { team: "web" },
    });
    expect(of("SecurityGroup")["rome-api"]).toMatchObject({
      vpcId: "vpc-1",
      ingress: [{ fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"] }],
      egress: [],
    });
    const closed = { ...args.network, clientCidrBlocks: [] };
    expect((await make({ network: closed })).of("SecurityGroup")["rome-api"]).toMatchObject({ ingress: [] });
  });

  it("has Pulumi protect the cluster, so that nodes and access do not go before AWS refuses", async () => {
    expect((await make()).protectedOnes).toEqual(["rome"]);
    expect((await make({ deletionProtection: false })).protectedOnes).toEqual([]);
  });

  it("keeps nodes of the cluster's version, of one more template where that changes", async () => {
    const nodes = async (changes: Parameters<typeof make>[0]) =>
      (await make(changes)).of("NodeGroup")["rome-nodes"];
    expect(await nodes({})).toMatchObject({
      clusterName: "rome-test",
      version: "1.35",
      nodeRoleArn: "arn:aws:iam::123456789012:rome-nodes",
      subnetIds: ["subnet-a", "subnet-b"],
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["m6i.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 2 },
      launchTemplate: { id: "rome-nodes-id", version: "3" },
    });
    expect(
      await nodes({ version: "1.34", nodes: { instanceTypes: ["m7g.large", "c6gd.xlarge"], count: 5 } }),
    ).toMatchObject({
      version: "1.34",
      amiType: "AL2023_ARM_64_STANDARD",
      scalingConfig: { minSize: 5, desiredSize: 5, maxSize: 5 },
    });
  });

  it.each([
    ["a1.large", true],
    ["m6g.large", true],
    ["x2gd.metal", true],
    ["g5g.xlarge", true],
    ["im4gn.large", true],
    ["g5.xlarge", false],
    ["m6i.large", false],
    ["m7i-flex.large", false],
  ])("knows whether %s has an Arm processor: %s", (type, expected) => {
    expect(isArm(type)).toBe(expected);
  });

  it("lets others in by access entries", async () => {
    const { of } = await make();
    expect(of("AccessPolicyAssociation")).toMatchObject({
      "rome-access-deployers": {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
      "rome-access-readers": {
        principalArn: "arn:aws:iam::123456789012:role/read",
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        accessScope: { type: "namespace", namespaces: ["shop"] },
      },
    });
  });

  it("gives a kubeconfig that asks AWS for a token, and the same as a provider", async () => {
    const { region, of } = await make({ profile: "staging" });
    const text = await known(region.kubeconfig);
    expect(JSON.parse(text)).toMatchObject({
      clusters: [{ cluster: { server: "https://api.example", "certificate-authority-data": "Q0E=" } }],
      users: [
        {
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: [
                "eks",
                "get-token",
                "--cluster-name",
                "rome-test",
                "--region",
                "eu-south-1",
                "--output",
                "json",
              ],
              env: [{ name: "AWS_PROFILE", value: "staging" }],
            },
          },
        },
      ],
      "current-context": "rome-test",
    });
    expect(of("kubernetes")).toEqual({ rome: { kubeconfig: text, clusterIdentifier: "rome-test" } });
  });

  it("tells what policies of service accounts name", async () => {
    const { region, of } = await make();
    expect(of("OpenIdConnectProvider")["rome-oidc"]).toMatchObject({
      url: "https://oidc.example/id/1",
      clientIdLists: ["sts.amazonaws.com"],
    });
    expect(await known(region.oidcIssuer)).toBe("oidc.example/id/1");
    expect(await known(region.oidcProviderArn)).toBe("arn:aws:iam::123456789012:rome-oidc");
  });

  it.each([
    ["cn-north-1", "aws-cn", "ec2.amazonaws.com.cn", "logs.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "ec2.amazonaws.com", "logs.us-gov-west-1.amazonaws.com"],
    ["eusc-de-east-1", "aws-eusc", "ec2.amazonaws.com", "logs.eusc-de-east-1.amazonaws.com"],
  ])("has roles and policies of the partition of %s", async (awsRegion, partition, ec2, logs) => {
    const network = { ...args.network, awsRegion };
    const { of } = await make({ network, access: {} });
    expect(of("Role")["rome-nodes"]!["assumeRolePolicy"]).toContain(`"${ec2}"`);
    expect(of("Key")["rome-key"]!["policy"]).toContain(`"${logs}"`);
    expect(of("RolePolicyAttachment")["rome-nodes-cni"]!["policyArn"]).toBe(
      `arn:${partition}:iam::aws:policy/AmazonEKS_CNI_Policy`,
    );
  });

  it("has a driver of volumes that only its service account has the rights of, and a default class", async () => {
    const { of } = await make();
    expect(of("Addon")["rome-addon-aws-ebs-csi-driver"]).toMatchObject({
      clusterName: "rome-test",
      serviceAccountRoleArn: "arn:aws:iam::123456789012:rome-volumes",
      configurationValues: '{"defaultStorageClass":{"enabled":true}}',
      resolveConflictsOnUpdate: "PRESERVE",
      preserve: true,
    });
    expect(JSON.parse(of("Role")["rome-volumes"]!["assumeRolePolicy"] as string)).toMatchObject({
      Statement: [
        {
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:aws:iam::123456789012:rome-oidc" },
          Condition: {
            StringEquals: {
              "oidc.example/id/1:aud": "sts.amazonaws.com",
              "oidc.example/id/1:sub": "system:serviceaccount:kube-system:ebs-csi-controller-sa",
            },
          },
        },
      ],
    });
    expect(of("RolePolicyAttachment")["rome-volumes-ebs"]!["policyArn"]).toBe(
      "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    );
  });

  it("has the add-ons that are wanted alone", async () => {
    const { of } = await make({ addons: ["coredns"] });
    expect(Object.keys(of("Addon"))).toEqual(["rome-addon-coredns"]);
    expect(of("Role")).not.toHaveProperty("rome-volumes");
    const refused = make({ addons: ["coredns", "coredns", "adot" as "coredns"] });
    await expect(refused).rejects.toThrow(/addons\[1\]: must be listed once[^]*addons\[2\]: must be one of/);
  });

  it("refuses zones in which EKS has no control plane, as soon as they are known", async () => {
    const network = { ...args.network, awsRegion: "us-east-1" };
    await expect(make({ network: { ...network, privateZoneIds: ["use1-az1", "use1-az3"] } })).rejects.toThrow(
      "network.privateZoneIds: must not name use1-az3, where EKS has no control plane",
    );
    const fine = await make({ network: { ...network, privateZoneIds: ["use1-az1", "use1-az2"] } });
    expect(fine.of("Cluster")["rome"]).toMatchObject({ vpcConfig: { subnetIds: ["subnet-a", "subnet-b"] } });
  });

  it("refuses what is wrong before anything is made", async () => {
    await expect(make({ version: "1.9", identifier: "Rome" })).rejects.toThrow(
      /EksRegion "rome": 2 inputs are refused/,
    );
  });
});
