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
      "Alias rome-key",
      "Cluster rome",
      "Key rome-key",
      "LaunchTemplate rome-nodes",
      "LogGroup rome-log",
      "NodeGroup rome-nodes",
      "OpenIdConnectProvider rome-oidc",
      "Role rome-cluster",
      "Role rome-nodes",
      "RolePolicyAttachment rome-cluster-cluster",
      "RolePolicyAttachment rome-nodes-cni",
      "RolePolicyAttachment rome-nodes-images",
      "RolePolicyAttachment rome-nodes-workers",
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

  it("has roles and policies of its own partition", async () => {
    const network = { ...args.network, awsRegion: "cn-north-1" };
    const { of } = await make({ network, access: {} });
    expect(of("Role")["rome-nodes"]!["assumeRolePolicy"]).toContain("ec2.amazonaws.com.cn");
    expect(of("RolePolicyAttachment")["rome-nodes-cni"]!["policyArn"]).toBe(
      "arn:aws-cn:iam::aws:policy/AmazonEKS_CNI_Policy",
    );
  });

  it("refuses what is wrong before anything is made", async () => {
    await expect(make({ version: "1.9", identifier: "Rome" })).rejects.toThrow(
      /EksRegion "rome": 2 inputs are refused/,
    );
  });
});
