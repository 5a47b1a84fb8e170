import type { Announcement } from "../../handover/announcement";
import type { ClusterAccess } from "../../kubernetes/access";
import type { ObjectsInputs } from "../../kubernetes/objects";
import type { Activity } from "../../topology-plan";
import type { Durability, HandoverReport } from "../../topology";
import type { Identity } from "../identity";
import type { Access } from "../kubernetes/access";
import type { CnpgTopologyPlan } from "../plan";

/**
 * What the first update decides for good, since another value is another database, and where that is first created.
 */
export interface FoundingInputs
  extends Pick<CnpgTopologyPlan, "namespace" | "database" | "owner" | "origin" | "initdb">, ObjectsInputs {
  /** The region that founds the topology: empty where all begin as copies of a server outside. */
  readonly primary: string;
  /** Which Kubernetes cluster and which database each region is, as updates found it: none in the state of old ones. */
  readonly identities?: Readonly<Record<string, Identity>>;
}

/** What a program says of the topology before anything of it is there. */
export interface FoundingNews extends FoundingInputs {
  /** Looked at, and not kept. */
  readonly regions: Readonly<Record<string, Omit<FoundingRegion, "access">>>;
}

export interface FoundingRegion {
  /** The name of its `Cluster`. */
  readonly cluster: string;
  /** Absent where it is lost. */
  readonly access: ClusterAccess | undefined;
}

/** What the three steps of an update know of the topology. Everything is plain by the time that a provider sees it. */
export interface TopologyInputs {
  readonly primary: string;
  /** The region where the database was first created. */
  readonly founding: string;
  readonly durability: Durability;
  /** The writer outside that `primary` follows, and every region through it. */
  readonly externalWriter?: ExternalWriterAccess;
  readonly regions: Readonly<Record<string, { readonly activity: Activity; readonly access: Access }>>;
}

/** How to reach a writer outside as its superuser, and what a copy of it has to hold. */
export interface ExternalWriterAccess {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly owner: string;
}

export interface PreflightInputs extends TopologyInputs {
  /** What every region's PostgreSQL is given: none in the state of old versions. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What readers keep above that. `check` adds it, so that a preview knows it too; none in the state of old versions. */
  readonly kept?: KeptParameters;
}

/** Parameters that a reader keeps for a while, by region and by name. */
export type KeptParameters = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface HandoverInputs extends TopologyInputs, Announcement {}

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

export interface PoolersInputs extends TopologyInputs {
  /** How many pods each has, by region and by name. */
  readonly poolers: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface ReplicationOutputs extends ReplicationInputs {
  /** Since when the primary has accepted writes: ISO 8601, UTC. */
  readonly writableSince: string;
}
