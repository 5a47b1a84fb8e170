import type { ClusterAccess } from "../../kubernetes/access";
import type { MigrationJob } from "../manifests/job";

/** How to reach the application in a region. */
export interface AppAccess extends ClusterAccess {
  readonly namespace: string;
}

/** Every region of the application, by name. */
export type AppRegions = Readonly<
  Record<
    string,
    {
      readonly isLost: boolean;
      readonly access: AppAccess;
      /** How many pods there are to be; absent where an autoscaler decides. */
      readonly replicas?: number;
    }
  >
>;

/** What a region runs since it last came up well. */
export interface Done {
  readonly release: string;
  /** What all regions have alike of it. */
  readonly version: string;
  /** The release that the region had of the version before; empty where there was none. */
  readonly before: string;
  readonly image: string;
}

/** What the rollout of a region knows. Everything is plain by the time that a provider sees it. */
export interface RolloutInputs {
  readonly app: string;
  readonly region: string;
  readonly release: string;
  readonly version: string;
  readonly deadlineSeconds: number;
  readonly putBack: boolean;
  readonly regions: AppRegions;
  /** What became of the regions before this one. */
  readonly finished: Readonly<Record<string, Done>>;
}

export interface RolloutOutputs extends RolloutInputs {
  /** Absent where the region was lost before it ever came up. */
  readonly done?: Done;
}

export interface MigrationInputs {
  readonly app: string;
  /** What tells it from every other migration: image and command, in a word. */
  readonly fingerprint: string;
  /** Where it runs, if it has not run anywhere. */
  readonly region: string;
  readonly job: MigrationJob;
  readonly timeoutSeconds: number;
  readonly regions: AppRegions;
}

export interface MigrationOutputs extends MigrationInputs {
  /** In which region each migration has run that ever did, by its fingerprint. */
  readonly done: Readonly<Record<string, string>>;
}
