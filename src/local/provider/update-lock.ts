import { randomUUID } from "node:crypto";
import { unlinkSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { claimPrefix, readIfThere, readPublicFile, regionFiles } from "../postgres/folders";
import { ownRecord, stillRuns } from "../postgres/processes";

/** Who runs an update of a topology. */
export interface Claim {
  /** Project, stack and name. */
  readonly owner: string;
  /** The process, and when it started: a pid is used again. */
  readonly pid: number;
  readonly started: string;
  /** When the update made its first change. */
  readonly since: string;
}

const held = new Map<string, Promise<void>>();

/**
 * To be called before anything of a region is changed.
 *
 * @param owner Project, stack and name of the topology; where it is not given, as its folder says.
 */
export async function claimTopologyOf(regionFolder: string, owner?: string): Promise<void> {
  const known = owner ?? (await readIfThere(regionFiles(regionFolder).owner).catch(() => undefined))?.trim();
  const topology = dirname(regionFolder);
  await claimTopology(topology, known ?? topology);
}

/**
 * Lets one update at a time change a topology: two that start from two states would each promote a region. The claim
 * holds for as long as this process lives, so nothing has to be cleared after a kill. Previews and refreshes change
 * nothing, and claim nothing.
 *
 * @param topology The folder that holds the regions' folders.
 */
export function claimTopology(topology: string, owner: string): Promise<void> {
  const claim = held.get(topology) ?? claimFolder(topology, owner);
  held.set(topology, claim);
  claim.catch(() => held.delete(topology));
  return claim;
}

/**
 * First claim, then look: of two that do both, at least one sees the other. Where both do, both step back and try
 * again after a while of chance.
 */
async function claimFolder(topology: string, owner: string): Promise<void> {
  const { pid, started } = await ownRecord();
  const path = join(topology, `${claimPrefix}${pid}-${started.replace(/\W/g, "-")}`);
  const claim: Claim = { owner, pid, started, since: new Date().toISOString() };
  for (const end = Date.now() + patienceMs; ; await sleep(50 + Math.random() * 200)) {
    await mkdir(topology, { recursive: true, mode: 0o755 });
    await writeWhole(path, JSON.stringify(claim));
    const other = await otherClaim(topology, path);
    if (other === undefined) {
      // A topology that is destroyed in this update has taken it along.
      process.once("exit", () => {
        try {
          unlinkSync(path);
        } catch {
          // The claim ends with this process anyway.
        }
      });
      return;
    }
    await rm(path, { force: true });
    if (Date.now() > end) {
      throw new Error(refusal(topology, other));
    }
  }
}

/** A killed update's process ends a moment after its engine. */
const patienceMs = 3000;

function refusal(topology: string, { owner, pid, since }: Claim): string {
  return (
    `another update of ${basename(topology)} is running: ${owner}, process ${pid}, since ${since} ` +
    `(its claim is in ${topology}). This one changes nothing. Wait until it has ended, and run pulumi up again`
  );
}

/** The claim of another process that lives. Those of dead ones are removed. */
async function otherClaim(topology: string, own: string): Promise<Claim | undefined> {
  for (const name of await readdir(topology)) {
    const path = join(topology, name);
    if (!name.startsWith(claimPrefix) || name.endsWith(unfinished) || path === own) {
      continue;
    }
    const claim = parseClaim(await readPublicFile(path));
    if (claim !== undefined && (await stillRuns(claim))) {
      return claim;
    }
    await rm(path, { force: true });
  }
  return undefined;
}

export function parseClaim(text: string | undefined): Claim | undefined {
  try {
    const claim = JSON.parse(text ?? "") as Partial<Claim>;
    return typeof claim.pid === "number" && typeof claim.started === "string" ? (claim as Claim) : undefined;
  } catch {
    return undefined;
  }
}

const unfinished = ".new";

async function writeWhole(path: string, text: string): Promise<void> {
  const made = `${path}.${randomUUID()}${unfinished}`;
  await writeFile(made, text, { mode: 0o644, flag: "wx" });
  await rename(made, path);
}
