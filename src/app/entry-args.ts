import type { Input } from "@pulumi/pulumi";

/** The service before a region's pods. */
export interface WebServiceArgs {
  /**
   * `ClusterIP` is for an Ingress, a Gateway and others in the cluster; `NodePort` opens a port on every node;
   * `LoadBalancer` asks the cloud for one.
   *
   * @default "ClusterIP"
   */
  type?: "ClusterIP" | "NodePort" | "LoadBalancer";

  /**
   * The port of the service: 1 to 65535.
   *
   * @default 80
   */
  port?: number;

  /**
   * The port of every node, for a `NodePort`.
   *
   * @default one that the cluster chooses
   */
  nodePort?: number;

  /** Annotations: what a cloud's load balancer or a DNS controller reads. */
  annotations?: Record<string, Input<string>>;
}

/** What an Ingress is like. */
export interface IngressArgs {
  /** The DNS name that requests are made to. */
  host: string;

  /**
   * The public path: requests below it come to the application.
   *
   * @default "/"
   */
  path?: string;

  /**
   * The class of the controller.
   *
   * @default the cluster's default class
   */
  className?: string;

  /**
   * The Secret of the namespace with the certificate for `host`.
   *
   * @default the Ingress says nothing of TLS
   */
  tlsSecret?: string;

  /** Annotations: what the controller reads. */
  annotations?: Record<string, Input<string>>;
}

/** What a route of the Gateway API is like. */
export interface GatewayArgs {
  /** The name of the `Gateway`. */
  name: string;

  /**
   * Its namespace.
   *
   * @default the application's
   */
  namespace?: string;

  /**
   * Which of its listeners.
   *
   * @default all that take the route
   */
  sectionName?: string;

  /**
   * The DNS names that requests are made to.
   *
   * @default those of the listeners
   */
  hostnames?: string[];

  /**
   * The public path: requests below it come to the application.
   *
   * @default "/"
   */
  path?: string;
}
