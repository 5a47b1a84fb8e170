import type { Input } from "@pulumi/pulumi";
import type { Topology } from "../topology";

/** A topology's endpoints as SSM parameters. */
export interface EndpointParametersArgs {
  /** The database: any engine's. */
  topology: Pick<Topology, "regions" | "writerEndpoint" | "connectionUri" | "readOnlyUris">;

  /**
   * In which AWS region the parameters of each region are, by the region's name. A region that is left out has none.
   *
   * @default the AWS regions of an `AuroraPostgres`; other engines' have to be given
   */
  awsRegions?: Record<string, string>;

  /**
   * What the parameters' names begin with: letters, digits and `.-_` between slashes, the first of which is not left out.
   *
   * @default `/NAME-STACK`, the component's and the stack's
   */
  path?: string;

  /**
   * Regions declared gone. Nothing of theirs is contacted, changed or deleted.
   *
   * @default []
   */
  lost?: string[];

  /**
   * Tags of the parameters and their keys.
   *
   * @default {}
   */
  tags?: Record<string, Input<string>>;
}
