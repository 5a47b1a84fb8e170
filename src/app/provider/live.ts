/** What is read of a Deployment as the API server has it. */
export interface LiveDeployment {
  readonly metadata: LiveMetadata & {
    readonly generation?: number;
    readonly managedFields?: readonly unknown[];
  };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: object;
    readonly strategy?: object;
    readonly progressDeadlineSeconds?: number;
    readonly template: LiveTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly LiveCondition[];
  };
}

export interface LiveReplicaSet {
  readonly metadata: LiveMetadata;
  readonly spec: { readonly template: LiveTemplate };
}

export interface LivePod {
  readonly metadata: LiveMetadata;
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image?: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly LiveCondition[];
    readonly containerStatuses?: readonly LiveContainer[];
  };
}

export interface LiveContainer {
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: LiveState;
  readonly lastState?: LiveState;
}

interface LiveState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string };
}

export interface LiveCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: Date;
}

export interface LiveMetadata {
  readonly name: string;
  readonly resourceVersion?: string;
  readonly namespace?: string;
  readonly creationTimestamp?: Date;
  readonly deletionTimestamp?: Date;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A pod template. Of its metadata no more is looked at. */
export interface LiveTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: LivePod["spec"];
}

export interface LiveJob {
  readonly metadata: LiveMetadata;
  readonly status?: { readonly conditions?: readonly LiveCondition[] };
}

/** The condition of a type that holds, if it does. */
export function holding(
  conditions: readonly LiveCondition[] | undefined,
  type: string,
): LiveCondition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === "True");
}
