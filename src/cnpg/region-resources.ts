import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { clusterOptions } from "../kubernetes/cluster-options";
import { fieldManager } from "../kubernetes/field-manager";
import { neverProtected } from "../kubernetes/never-protected";
import { loginRoles } from "../login-roles";
import type { PostgresSecrets } from "../secrets/postgres-secrets";
import type { CnpgPostgresArgs } from "./args";
import { certificateSecretsOf } from "./certificate-resources";
import { createBackup, createDatabases, createOrigin } from "./data-resources";
import { createExternalService } from "./external-service";
import { createOperator } from "./operator-resources";
import type { ClusterSpec } from "./manifests/cluster-types";
import { manifestNames } from "./manifests/names";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";
import type { CnpgFounding } from "./resources";

/** What belongs to a region beside its database, made before it. */
export interface RegionBase {
  readonly options: pulumi.CustomResourceOptions;
  readonly namespace: pulumi.Input<string>;
  /** What the database needs to be there. */
  readonly resources: readonly pulumi.Resource[];
  /** What comes before everything else: the namespace and the operator, where they are ours. */
  readonly foundation: pulumi.Output<pulumi.Resource[]>;
}

/** The namespace, the secrets and the service of a region. */
export function createBase(
  parent: pulumi.Resource,
  plan: CnpgTopologyPlan,
  region: CnpgRegionPlan,
  founding: CnpgFounding,
  args: CnpgPostgresArgs,
  secrets: PostgresSecrets,
): RegionBase {
  const isLost = region.activity === "lost";
  const cluster = args.regions[region.region]!;
  const options = clusterOptions(parent, plan.name, region.region, cluster, isLost, founding);
  const prefix = `${plan.name}-${region.region}`;
  const own =
    args.createNamespace === false
      ? undefined
      : new Namespace(
          `${prefix}-namespace`,
          { metadata: { name: founding.namespace } },
          { ...options, protect: args.protect ?? true },
        );
  const namespace = own?.metadata.name ?? founding.namespace;
  const names = manifestNames(plan.name);
  const secret = (
    part: string,
    name: string,
    type: string,
    stringData: Record<string, pulumi.Input<string>>,
  ) =>
    new Secret(
      `${prefix}-${part}`,
      { metadata: { name, namespace, labels: reloaded }, type, stringData },
      { ...options, ...neverProtected },
    );
  const resources = [
    ...certificateSecretsOf(plan, region, secrets).map(({ part, name, type, data }) =>
      secret(part, name, type, data),
    ),
    ...rolesWithPasswords(plan, args).map((role) =>
      secret(`role-${role}`, names.credentials(role), "kubernetes.io/basic-auth", {
        username: role,
        password: secrets.passwords[role]!,
      }),
    ),
    ...(args.externalWriter === undefined
      ? []
      : [
          secret("external-writer", names.externalWriter, "Opaque", {
            "ca.crt": args.externalWriter.caCertificate,
            password: pulumi.secret(args.externalWriter.replication.password),
          }),
        ]),
    ...Object.entries(args.sharedSecrets ?? {}).map(([name, data]) =>
      secret(
        `shared-${name}`,
        name,
        "Opaque",
        mapValues(data, (value) => pulumi.secret(value)),
      ),
    ),
    createExternalService(
      `${prefix}-external`,
      {
        name: names.external,
        namespace,
        service: region.service,
        port: region.port,
        selector: { "cnpg.io/cluster": region.cluster, "cnpg.io/instanceRole": "primary" },
      },
      options,
    ),
  ];
  const operator =
    args.operator === undefined
      ? pulumi.output([])
      : createOperator(prefix, args.operator, options, founding.objectOwner);
  const foundation = operator.apply((parts) => [...(own === undefined ? [] : [own]), ...parts]);
  // Before the database, so that they go after it: the operator lets go of a database's once that is gone.
  const place = { prefix, namespace, options: { ...options, dependsOn: operator } };
  const data = [
    ...(args.origin === undefined ? [] : [createOrigin(place, plan, args.origin)]),
    ...createBackup(place, plan, region),
    ...createDatabases(place, plan, region, args.databases ?? {}),
  ];
  return { options, namespace, resources: [...resources, ...data], foundation };
}

/** The operator reloads a secret that says so as soon as it changes. */
const reloaded = { "cnpg.io/reload": "true" };

function rolesWithPasswords({ owner }: CnpgTopologyPlan, { roles }: CnpgPostgresArgs): string[] {
  return ["postgres", owner, ...Object.keys(loginRoles(roles))];
}

export interface ClusterOptions {
  /** Whether its data came from another region at some time. */
  readonly isCopy: pulumi.Input<boolean>;
  readonly protect: boolean;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** A region's database. */
export function createCluster(
  plan: CnpgTopologyPlan,
  { region, cluster, activity, wishes }: CnpgRegionPlan,
  { options, namespace, resources }: RegionBase,
  spec: ClusterSpec,
  { isCopy, protect, dependsOn }: ClusterOptions,
): CustomResource {
  return new CustomResource(
    `${plan.name}-${region}`,
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      metadata: {
        name: cluster,
        namespace,
        annotations: {
          "cnpg.io/hibernation": activity === "hibernated" ? "on" : "off",
          ...archiving(wishes.backup !== undefined, isCopy),
          "pulumi.com/patchFieldManager": fieldManager,
          "pulumi.com/patchForce": "true",
        },
      },
      spec,
    },
    {
      ...options,
      protect,
      dependsOn: [...resources, ...dependsOn],
      ignoreChanges: options.ignoreChanges ?? ["spec.bootstrap"],
    },
  );
}

/**
 * Without an archive there is nothing to archive to, and a promotion would restart the writer for it. With one, what
 * founds a topology must not write into the archive of another; a copy goes on with its own.
 */
function archiving(isArchived: boolean, isCopy: pulumi.Input<boolean>): Record<string, pulumi.Input<string>> {
  const skipCheck = pulumi.output(isCopy).apply((copied) => (copied ? "enabled" : "disabled"));
  return isArchived
    ? { "cnpg.io/skipEmptyWalArchiveCheck": skipCheck }
    : { "cnpg.io/skipWalArchiving": "enabled" };
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
