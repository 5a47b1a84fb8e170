import type { Activity } from "../../topology-plan";
import type { Durability, HandoverReport } from "../../topology";
import type { DecidedOnce } from "../rules/decided-once";
import type { Access } from "../kubernetes/access";

/** What the first update decides for good, and where the database is first created. */
export interface FoundingInputs extends DecidedOnce {
  readonly primary: string;
}

/** What the three steps of an update know of the topology. Everything is plain by the time that a provider sees it. */
export interface TopologyInputs {
  readonly primary: string;
  /** The region where the database was first created. */
  readonly founding: string;
  readonly durability: Durability;
  readonly regions: Readonly<Record<string, { readonly activity: Activity; readonly access: Access }>>;
}

export interface HandoverInputs extends TopologyInputs {
  /** What the last change of roles took, or takes, in order. */
  readonly steps?: readonly string[];
}

export interface HandoverOutputs extends HandoverInputs {
  /** Without its time: the writer is not there yet. */
  readonly report: Omit<HandoverReport, "at">;
  /** What the writer shows to be promoted; empty where nobody was demoted for it. */
  readonly token: string;
}

export interface ReplicationInputs extends TopologyInputs {
  readonly token: string;
  /** Whether any region has one. */
  readonly poolers: boolean;
}

export interface ReplicationOutputs extends ReplicationInputs {
  /** Since when the primary has accepted writes: ISO 8601, UTC. */
  readonly writableSince: string;
}
