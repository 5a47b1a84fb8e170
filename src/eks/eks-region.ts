import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { refuseIfAny } from "../rules";
import { createAccess } from "./access-resources";
import { createAddons } from "./addon-resources";
import type { EksRegionArgs } from "./args";
import { createCluster, createOidcProvider } from "./cluster-resources";
import { kubeconfigOf } from "./kubeconfig";
import { createNodes } from "./node-resources";
import { planCluster } from "./plan";
import { createClusterRole, createNodeRole } from "./role-resources";
import { eksFailures } from "./rules";

/**
 * A Kubernetes cluster of EKS in a region's network: private, its secrets encrypted by a key of its own, everything
 * logged, with nodes and add-ons that EKS keeps, and a default storage class.
 *
 * `pulumi destroy` takes the log away after the cluster, but EKS writes what is late by itself, and makes the log again
 * for that: `aws logs delete-log-group --log-group-name /aws/eks/NAME/cluster` takes it away before a cluster of the same
 * name is made.
 *
 * Its API is reached from the networks that are let in, and not from the Internet: whoever runs `pulumi up` for what is
 * inside has to be in one of them, or be let in by `publicAccessCidrBlocks`. Needs AWS's command line, `aws`, for that.
 *
 * A cluster that exists already needs no `EksRegion`: `RegionalApp` and `CnpgPostgres` take any kubeconfig.
 *
 * Bad input is refused before anything is created, with one error that lists every failure.
 *
 * @example
 * ```ts
 * const networks = new RegionNetworks("net", { regions: { rome: { awsRegion: "eu-south-1", nat: "one" } } });
 * const rome = new EksRegion("rome", { network: networks.regions.rome });
 * const app = new RegionalApp("shop", { regions: { rome: { kubeconfig: rome.kubeconfig } }, image: "shop:2", ... });
 * ```
 */
export class EksRegion extends pulumi.ComponentResource {
  /** The AWS region that it is in. */
  readonly awsRegion: string;

  /** The cluster's name. */
  readonly clusterName: pulumi.Output<string>;

  /** The cluster's ARN. */
  readonly clusterArn: pulumi.Output<string>;

  /** Where its API answers: a URL. */
  readonly endpoint: pulumi.Output<string>;

  /** The ARN of its OIDC provider, which policies of IAM's roles name to trust service accounts. */
  readonly oidcProviderArn: pulumi.Output<string>;

  /** The OIDC provider's URL without `https://`, as conditions of those policies name it. */
  readonly oidcIssuer: pulumi.Output<string>;

  /** The ARN of the role that the nodes have. */
  readonly nodeRoleArn: pulumi.Output<string>;

  /**
   * A kubeconfig that logs in by `aws eks get-token`, and holds no secret. It comes once there are nodes and add-ons, and
   * what is made with it goes before them.
   */
  readonly kubeconfig: pulumi.Output<string>;

  /** The same as a provider, for what else the cluster is to have. */
  readonly provider: Provider;

  constructor(name: string, args: EksRegionArgs, options?: pulumi.ComponentResourceOptions) {
    const identifier = args?.identifier ?? `${name}-${pulumi.getStack()}`;
    refuseIfAny(`EksRegion "${name}"`, eksFailures(identifier, args));
    super("multi-region-postgres:index:EksRegion", name, {}, options);
    const plan = planCluster(name, identifier, args);
    const scope = { parent: this, tags: args.tags ?? {} };

    const cluster = createCluster(scope, plan, createClusterRole(scope, plan), args.network);
    const oidc = createOidcProvider(scope, plan, cluster);
    const nodeRole = createNodeRole(scope, plan);
    const nodes = createNodes(scope, plan, cluster, nodeRole, args.network);
    const addons = createAddons(scope, plan, cluster, oidc, nodes);
    createAccess(scope, plan, cluster, args.access ?? {});

    this.awsRegion = plan.awsRegion;
    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.oidcProviderArn = oidc.arn;
    this.oidcIssuer = oidc.url.apply((url) => url.replace(/^https:\/\//, ""));
    this.nodeRoleArn = nodeRole.role.arn;
    this.kubeconfig = pulumi
      // Names are known in a preview: what is made with the kubeconfig waits for add-ons, and nothing else changes.
      .all([
        cluster.endpoint,
        cluster.certificateAuthority,
        nodes.id,
        pulumi.all(addons.map(({ addonName }) => addonName)),
      ])
      .apply(([endpoint, { data }]) => kubeconfigOf({ ...plan, endpoint, certificateAuthority: data }));
    this.provider = new Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier: identifier },
      { parent: this },
    );
    this.registerOutputs({ clusterArn: this.clusterArn, kubeconfig: this.kubeconfig });
  }
}
