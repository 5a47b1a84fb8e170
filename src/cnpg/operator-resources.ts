import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { ConfigFile } from "@pulumi/kubernetes/yaml/yaml";
import * as pulumi from "@pulumi/pulumi";
import { ownedBy } from "../kubernetes/cluster-options";
import { neverProtected } from "../kubernetes/never-protected";
import type { OperatorArgs } from "./args";

const namespace = "cnpg-system";
const pullSecretName = "cnpg-pull-secret";

/** An object of the manifest, as far as it is looked at. */
interface Manifest {
  kind?: string;
  metadata?: { annotations?: object };
  imagePullSecrets?: { name: string }[];
}

/**
 * The operator of one region, as its release's manifest has it.
 *
 * @param owner The owner that each of its objects names.
 */
export function createOperator(
  prefix: string,
  { manifest, pullSecret }: OperatorArgs,
  options: pulumi.CustomResourceOptions,
  owner: pulumi.Output<string | undefined>,
): pulumi.Output<pulumi.Resource[]> {
  const { parent, provider, ignoreChanges, retainOnDelete } = options;
  const part = (name: string, isPart: (object: Manifest) => boolean, waitsFor: pulumi.ResourceOptions) =>
    new ConfigFile(
      name,
      {
        file: manifest,
        resourcePrefix: prefix,
        transformations: [
          (object: Manifest, own: pulumi.CustomResourceOptions) => {
            if (isPart(object)) {
              Object.assign(object, ownedBy(owner, object));
              Object.assign(own, waitsFor, ignoreChanges && { ignoreChanges, retainOnDelete });
            } else {
              Object.assign(object, nothing);
            }
          },
          ...(pullSecret === undefined ? [] : [pullsBySecret]),
        ],
      },
      { ...(parent && { parent }), ...(provider && { provider }) },
    );
  const isProgram = ({ kind }: Manifest) => kind === "Deployment";

  const file = part("operator", (object) => !isProgram(object), {});
  const secrets =
    pullSecret === undefined
      ? []
      : [
          new Secret(
            `${prefix}-operator-pull-secret`,
            {
              metadata: { name: pullSecretName, namespace },
              type: "kubernetes.io/dockerconfigjson",
              stringData: { ".dockerconfigjson": pulumi.secret(pullSecret) },
            },
            { ...options, ...neverProtected, dependsOn: file.getResource("v1/Namespace", namespace) },
          ),
        ];
  const before = file.resources.apply((resources) => [...Object.values(resources), ...secrets]);
  // It ends, and is started ever later, for as long as a kind is missing that it looks after.
  const program = part("operator-program", isProgram, { dependsOn: before });
  return pulumi
    .all([before, program.resources])
    .apply(([others, programs]) => [...others, ...Object.values(programs)]);
}

/** What no resource is made of: `ConfigFile` leaves out what a transformation makes this of. */
const nothing = { apiVersion: "v1", kind: "List", items: [] };

/** The operator's pods run under a service account: what it may pull by, they may. */
function pullsBySecret(object: Manifest): void {
  if (object.kind === "ServiceAccount") {
    object.imagePullSecrets = [{ name: pullSecretName }];
  }
}
