import { eksFailures } from "../../../src/eks/rules";
import { args, make, type Inputs, type Made } from "./eks";

interface Policy {
  readonly Statement: readonly { readonly Principal: object; readonly Condition?: object }[];
}

// By the names that checkov has for them.
describe("the security of EksRegion", () => {
  let made: Made;

  beforeAll(async () => {
    made = await make();
  });

  const cluster = () => made.of("Cluster")["rome"]!;
  const part = (inputs: Inputs, name: string) => inputs[name] as Inputs;

  it("CKV_AWS_37: the control plane tells everything", () => {
    expect(cluster()["enabledClusterLogTypes"]).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    expect(made.of("LogGroup")["rome-log"]).toMatchObject({ name: "/aws/eks/rome-test/cluster" });
  });

  it("CKV_AWS_38: nobody reaches the API from everywhere, and none may ask for it", async () => {
    const some = (await make({ publicAccessCidrBlocks: ["203.0.113.0/24"] })).of("Cluster")["rome"]!;
    expect(some["vpcConfig"]).toMatchObject({
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
    const refused = eksFailures("rome", { ...args, publicAccessCidrBlocks: ["0.0.0.0/0"] });
    expect(refused.map(({ propertyPath }) => propertyPath)).toEqual(["publicAccessCidrBlocks[0]"]);
  });

  it("CKV_AWS_39: the API is not on the Internet", () => {
    expect(part(cluster(), "vpcConfig")).toMatchObject({
      endpointPublicAccess: false,
      endpointPrivateAccess: true,
    });
    expect(part(cluster(), "vpcConfig")).not.toHaveProperty("publicAccessCidrs");
  });

  it("CKV_AWS_58: secrets are encrypted by a key of the cluster's own", () => {
    expect(cluster()["encryptionConfig"]).toEqual({
      provider: { keyArn: "arn:aws:kms:eu-south-1:123456789012:rome-key" },
      resources: ["secrets"],
    });
  });

  it("CKV_AWS_339: the version is EKS's newest, or one that it supports", async () => {
    expect(cluster()).not.toHaveProperty("version");
    expect((await make({ version: "1.34" })).of("Cluster")["rome"]).toMatchObject({ version: "1.34" });
    for (const version of ["1.22", "1.30", "2.0", "latest"]) {
      expect(eksFailures("rome", { ...args, version }).map(({ propertyPath }) => propertyPath)).toEqual([
        "version",
      ]);
    }
  });

  it("CKV_AWS_100: nobody logs into nodes", () => {
    expect(made.of("NodeGroup")["rome-nodes"]).not.toHaveProperty("remoteAccess");
    expect(made.of("LaunchTemplate")["rome-nodes"]).not.toHaveProperty("keyName");
  });

  it("CKV_AWS_79, CKV_AWS_341: nodes tell their metadata to sessions, and nothing to pods", () => {
    expect(made.of("LaunchTemplate")["rome-nodes"]!["metadataOptions"]).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });

  it("nodes' volumes are encrypted", () => {
    expect(made.of("LaunchTemplate")["rome-nodes"]!["blockDeviceMappings"]).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: 50, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
  });

  it("access is by access entries alone", () => {
    expect(cluster()["accessConfig"]).toEqual({
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: true,
    });
  });

  it("CKV_AWS_7, CKV_AWS_33, CKV2_AWS_64: the key is rotated, the account's, and of one log", () => {
    const key = made.of("Key")["rome-key"]!;
    expect(key["enableKeyRotation"]).toBe(true);
    const { Statement } = JSON.parse(key["policy"] as string) as Policy;
    expect(Statement.map(({ Principal }) => Principal)).toEqual([
      { AWS: "arn:aws:iam::123456789012:root" },
      { Service: "logs.eu-south-1.amazonaws.com" },
    ]);
    expect(JSON.stringify(Statement[1]!.Condition)).toContain("log-group:/aws/eks/rome-test/cluster");
  });

  it("CKV_AWS_158, CKV_AWS_338: the log is encrypted, and kept for a year", () => {
    expect(made.of("LogGroup")["rome-log"]).toMatchObject({
      kmsKeyId: "arn:aws:kms:eu-south-1:123456789012:rome-key",
      retentionInDays: 365,
    });
  });

  it("CKV_AWS_23, CKV_AWS_277, CKV_AWS_382: rules are described, let nobody in from everywhere, and nothing out", () => {
    const { description, ingress, egress } = made.of("SecurityGroup")["rome-api"]!;
    expect([description, ...(ingress as Inputs[]).map((rule) => rule["description"])]).not.toContain(
      undefined,
    );
    expect(JSON.stringify(ingress)).not.toContain("/0");
    expect(egress).toEqual([]);
  });
});
