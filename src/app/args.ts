import type { Input } from "@pulumi/pulumi";
import type { ResourcesArgs } from "../kubernetes/resources-args";
import type { Topology } from "../topology";
import type { GatewayArgs, IngressArgs, WebServiceArgs } from "./entry-args";
import type { LinkArgs } from "./link-args";

/** How many pods there are by their load. */
export interface AutoscalingArgs {
  /**
   * The fewest pods: 1 or more.
   *
   * @default 2
   */
  min?: number;

  /** The most pods: `min` or more. */
  max: number;

  /**
   * The share of the processor time that pods ask for, in per cent, that is aimed at: 1 to 100. Takes
   * `resources.requests.cpu`.
   *
   * @default 70
   */
  cpu?: number;
}

/** What a region may have otherwise than the others. */
export interface AppSettingsArgs {
  /**
   * How many pods: 1 to 1000. Excludes `autoscaling` in the same place.
   *
   * @default 2
   */
  replicas?: number;

  /**
   * How many pods by their load, instead of `replicas`.
   *
   * @default as many as replicas says
   */
  autoscaling?: AutoscalingArgs;

  /**
   * What each pod asks for, and what it gets at most.
   *
   * @default nothing is set aside, and nothing limited
   */
  resources?: ResourcesArgs;

  /**
   * The environment, by name. Can be read in the Deployment: what is secret belongs into `secrets`. A region's come
   * beside those of all regions, and before them where names are the same.
   *
   * @default {}
   */
  env?: Record<string, Input<string>>;

  /**
   * The service before the pods.
   *
   * @default a ClusterIP with port 80
   */
  service?: WebServiceArgs;

  /**
   * An Ingress to the service.
   *
   * @default none
   */
  ingress?: IngressArgs;

  /**
   * A route of the Gateway API to the service. Its kinds have to be in the cluster.
   *
   * @default none
   */
  gateway?: GatewayArgs;
}

/** One Kubernetes cluster that the application is in. What is not given here is as for all regions. */
export interface AppRegionArgs extends AppSettingsArgs {
  /** The cluster's kubeconfig: its text, or the path of a file. Kept secret. */
  kubeconfig: Input<string>;

  /**
   * Which of the kubeconfig's contexts.
   *
   * @default its current one
   */
  context?: Input<string>;

  /**
   * Whether the application does not run here. All that belongs to it stays: service, secrets, policies.
   *
   * @default false
   */
  stopped?: boolean;
}

/** When a pod is ready, and when it is started again. */
export interface HealthCheckArgs {
  /** The path of an HTTP request that a pod answers with 2xx or 3xx as long as it can serve: `/healthz`. */
  path: string;

  /**
   * The path of a request that a pod answers as long as it need not be started again. It should not look at the
   * database, or every pod is started again because the database is away.
   *
   * @default that the port accepts connections is enough
   */
  livePath?: string;
}

/** A command that runs once for each version, before any region has it. */
export interface MigrationArgs {
  /** The program in the application's image, and its arguments. */
  command: string[];

  /**
   * For how many seconds it may run: 1 or more.
   *
   * @default 600
   */
  timeoutSeconds?: number;
}

/** Somewhere that pods may connect to, beside DNS and the databases of `links`. */
export interface EgressArgs {
  /**
   * The networks: CIDR blocks.
   *
   * @default everywhere
   */
  cidrs?: string[];

  /**
   * The TCP ports.
   *
   * @default all
   */
  ports?: number[];
}

/** One application in many Kubernetes clusters. */
export interface RegionalAppArgs extends AppSettingsArgs {
  /**
   * The regions, by name: lower-case letters, digits and hyphens, 40 characters at most. Adding or removing one
   * touches no other.
   */
  regions: Record<string, AppRegionArgs>;

  /**
   * Regions declared gone. Nothing of theirs is contacted, and nothing of theirs is forgotten. Taken out of the list,
   * a region gets what it missed.
   *
   * @default []
   */
  lost?: string[];

  /** The image: with a tag of its own for each version, or a digest. Another image is another version. */
  image: Input<string>;

  /**
   * The secret by which the image is pulled: its `.dockerconfigjson`.
   *
   * @default none
   */
  pullSecret?: Input<string>;

  /**
   * The program in the image, and its arguments.
   *
   * @default the image's own
   */
  command?: string[];

  /** The port at which pods answer HTTP: 1 to 65535. */
  port: number;

  /**
   * When a pod is ready.
   *
   * @default as soon as its port accepts connections
   */
  healthCheck?: HealthCheckArgs;

  /**
   * Databases, by names of the program's choice. The pods find them in their environment; see `LinkArgs`.
   *
   * @default {}
   */
  links?: Record<string, Topology | LinkArgs>;

  /**
   * Further environment that is secret, by name. It is in a Secret, and pods are replaced when it changes.
   *
   * @default {}
   */
  secrets?: Record<string, Input<string>>;

  /**
   * The regions in the order in which they get a new version, each only when the one before it is well. Those that
   * are not listed follow by name.
   *
   * @default by name
   */
  order?: string[];

  /**
   * What becomes of the regions that have a version already that comes to grief in a later one, and of that one:
   * whether they get the version before it back. A migration is not taken back, and neither are values in Secrets.
   *
   * @default false
   */
  putBack?: boolean;

  /**
   * For how many seconds a region may make no progress with a new version: 10 or more.
   *
   * @default 300
   */
  progressDeadlineSeconds?: number;

  /**
   * A command that runs once for each version, before any region has it: where the writer is of the first of
   * `links`, or else in the first region of `order`. A version is image and command. What has run is never run again,
   * wherever the writer moves.
   *
   * @default none
   */
  migration?: MigrationArgs;

  /**
   * `writer`: the application runs where the database writes, and in no other region. Takes one link.
   *
   * @default it runs in every region that is not stopped
   */
  follow?: "writer";

  /**
   * Where pods may connect to beside DNS and the databases of `links`.
   *
   * @default []
   */
  egress?: EgressArgs[];

  /**
   * Whether a pod's files cannot be written. `/tmp` always can.
   *
   * @default true
   */
  readOnlyRootFilesystem?: boolean;

  /**
   * The user that runs the program: 1 or more. Needed where the image names its user by a text.
   *
   * @default the image's, which must not be root
   */
  runAsUser?: number;

  /**
   * Whether Kubernetes is kept from draining more than one pod of a region at once.
   *
   * @default true
   */
  disruptionBudget?: boolean;

  /**
   * The namespace, in every region.
   *
   * @default the component's name
   */
  namespace?: string;

  /**
   * Whether the namespace is made in every region, and taken away with the stack. It then takes no pods but those
   * that pass the restricted Pod Security Standard.
   *
   * @default true
   */
  createNamespace?: boolean;
}
