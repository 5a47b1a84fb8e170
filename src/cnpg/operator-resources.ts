import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { ConfigFile } from "@pulumi/kubernetes/yaml/yaml";
import * as pulumi from "@pulumi/pulumi";
import type { OperatorArgs } from "./args";

const namespace = "cnpg-system";
const pullSecretName = "cnpg-pull-secret";

/** The operator of one region, as its release's manifest has it. */
export function createOperator(
  prefix: string,
  { manifest, pullSecret }: OperatorArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<pulumi.Resource[]> {
  const { parent, provider, ignoreChanges } = options;
  const file = new ConfigFile(
    "operator",
    {
      file: manifest,
      resourcePrefix: prefix,
      transformations: [
        ...(pullSecret === undefined ? [] : [pullsBySecret]),
        (_object: unknown, own: pulumi.CustomResourceOptions) =>
          Object.assign(own, ignoreChanges && { ignoreChanges }),
      ],
    },
    { ...(parent && { parent }), ...(provider && { provider }) },
  );
  if (pullSecret === undefined) {
    return file.resources.apply((resources) => Object.values(resources));
  }
  const secret = new Secret(
    `${prefix}-operator-pull-secret`,
    {
      metadata: { name: pullSecretName, namespace },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": pulumi.secret(pullSecret) },
    },
    // The manifest makes the namespace; its Deployment waits until the image can be pulled.
    { ...options, dependsOn: file.getResource("v1/Namespace", namespace) },
  );
  return file.resources.apply((resources) => [...Object.values(resources), secret]);
}

/** The operator's pods run under a service account: what it may pull by, they may. */
function pullsBySecret(object: { kind?: string; imagePullSecrets?: { name: string }[] }): void {
  if (object.kind === "ServiceAccount") {
    object.imagePullSecrets = [{ name: pullSecretName }];
  }
}
