import type { Announcement } from "../../handover/announcement";
import type { Activity } from "../../topology-plan";
import type { HandoverReport } from "../../topology";
import type { AccessInputs } from "./access";

/** How to find a region's cluster. Everything of it is known before the deployment. */
export interface Member {
  readonly awsRegion: string;
  readonly cluster: string;
  readonly activity: Activity;
  /** How many instances it is to have. */
  readonly instances: number;
  /** Present where nothing protects its cluster from deletion: so the state of version 0.1.0 counts as protected. */
  readonly mayBeDeleted?: boolean;
}

/** What the dynamic resources know of the topology. Everything is plain by the time that a provider sees it. */
export interface TopologyInputs extends AccessInputs {
  readonly globalDatabaseId: string;
  readonly primary: string;
  readonly regions: Readonly<Record<string, Member>>;
}

export interface HandoverInputs extends TopologyInputs, Announcement {
  /** Whether the writer is another program's. */
  readonly follows: boolean;
  readonly engineVersion: string;
  readonly database: string;
  readonly owner: string;
}

export interface HandoverOutputs extends HandoverInputs {
  readonly report: HandoverReport;
  /** The host that AWS lets follow the writer; empty where it gives none. */
  readonly globalWriterHost: string;
}

export interface RefusalInputs {
  readonly propertyPath: string;
  readonly reason: string;
}

export interface PasswordInputs extends TopologyInputs {
  readonly password: string;
}
