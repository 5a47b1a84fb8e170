import type { Announcement } from "../../handover/announcement";
import type { RegionSet } from "../../region-set";
import type { Durability, HandoverReport, Role } from "../../topology";
import type { Activity } from "../../topology-plan";
import type { Upstream } from "../postgres/configuration";
import type { Away } from "./reader-parameters";
import type { Updated } from "./update-record";

/** What a region's resources share. Everything in it is plain by the time that a provider sees it. */
export interface RegionInputs {
  readonly region: string;
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Where PostgreSQL's programs are; where it is empty, they are looked for. */
  readonly binDir: string;
  readonly activity: Activity;
  readonly role: Role;
  /** The region that writes: this one, or the one to follow. */
  readonly primary: Upstream & { readonly folder: string };
  readonly durability: Durability;
  /** The other regions that take part now. */
  readonly peers: RegionSet;
  readonly parameters: Readonly<Record<string, string>>;
  readonly caCertificate: string;
  readonly superuserPassword: string;
}

/** One server: its folder, its process, and whether it may write. */
export interface ServerInputs extends RegionInputs {
  readonly certificate: string;
  readonly privateKey: string;
  readonly replicationCertificate: string;
  readonly replicationKey: string;
  /** Whose folder it is: a folder of another topology is not touched. */
  readonly topology: string;
  /** The region where the database was first created. */
  readonly founding: string;
  /** Every region declared, lost ones included. */
  readonly declared: RegionSet;
  /** The regions that are lost. Absent for a region that is active. */
  readonly lost?: RegionSet;
  readonly keepData: boolean;
  readonly database: string;
  readonly owner: string;
  readonly roles: Readonly<
    Record<
      string,
      {
        login?: boolean;
        replication?: boolean;
        memberOf?: string[];
        createDatabases?: boolean;
        connectionLimit?: number;
      }
    >
  >;
  readonly passwords: Readonly<Record<string, string>>;
}

/** One region's following of the writer; of the writer, that nothing is kept for regions that are gone. */
export interface ReplicationInputs extends RegionInputs {
  /** Every region that follows the writer, hibernated ones included. */
  readonly followers: RegionSet;
}

/** The passing of the writer's role. */
export interface HandoverInputs extends Announcement {
  /** Missing in a state of version 0.1.0. */
  readonly topology?: string;
  readonly primary: string;
  readonly durability: Durability;
  readonly lost: readonly string[];
  /** The regions that are not lost. */
  readonly regions: Readonly<
    Record<string, { folder: string; host: string; port: number; hibernated: boolean }>
  >;
  readonly caCertificate: string;
  readonly superuserPassword: string;
  /** Whether the data of a region that is taken out stays; absent where it does not. */
  readonly keepData?: boolean;
}

export interface HandoverOutputs extends HandoverInputs {
  readonly report: HandoverReport;
}

/** What was seen of a server when it was last looked at; `unfinished`: its creation failed. */
export type Status = "unfinished" | "prepared" | "running" | "stopped" | "hibernated" | "lost" | "gone";

export interface ServerOutputs extends ServerInputs, Away, Updated {
  readonly status: Status;
  /** What the server does, whatever it should. */
  readonly observedRole: Role | "none";
  readonly version: string;
}
