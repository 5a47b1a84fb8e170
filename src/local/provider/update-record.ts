import { randomUUID } from "node:crypto";
import { readIfThere, removeFile, writePrivateFile } from "../postgres/folders";

/**
 * One update of a resource. It is written to the region's folder before it changes anything, and comes into the state when
 * all is done. An update that fails or is killed between the two is in the folder alone: what is declared next may be
 * what the state says already, and has to be applied all the same.
 */
export interface UpdateRecord {
  readonly id: string;
  /** The roles that the writer may have got by updates that are in no state. */
  readonly roles: readonly string[];
}

/** What the state of a resource holds of that. */
export interface Updated {
  /** The id of the update that applied it. Missing in a state of version 0.1.0. */
  readonly update?: string;
}

/** What the state holds after an update that touched nothing of the region. */
export function sameUpdate(previous: Updated | undefined): Updated {
  return previous?.update === undefined ? {} : { update: previous.update };
}

/** Notes that an update begins. Gives the record of the last one where that is in no state. */
export async function beginUpdate(
  path: string,
  recorded: string | undefined,
  roles: readonly string[] = [],
): Promise<{ id: string; unrecorded: UpdateRecord | undefined }> {
  const last = await lastUpdate(path);
  const unrecorded = last?.id === recorded ? undefined : last;
  const record: UpdateRecord = {
    id: randomUUID(),
    roles: [...new Set([...roles, ...(unrecorded?.roles ?? [])])],
  };
  // A full disk must not keep the writer from moving. Without the file the next update is made again, whatever it declares.
  await writePrivateFile(path, `${JSON.stringify(record)}\n`)
    .catch(() => removeFile(path))
    .catch(() => undefined);
  return { id: record.id, unrecorded };
}

/** Whether the last update that changed a region is in no state. There is no record of updates by earlier versions. */
export async function isUnrecorded(path: string, recorded: string | undefined): Promise<boolean> {
  return (await lastUpdate(path))?.id !== recorded;
}

async function lastUpdate(path: string): Promise<UpdateRecord | undefined> {
  const text = await readIfThere(path).catch(() => "");
  return text === undefined ? undefined : parseRecord(text);
}

/** A file that somebody changed, or that cannot be read, is the record of no update. */
function parseRecord(text: string): UpdateRecord {
  try {
    const { id, roles } = JSON.parse(text) as Partial<UpdateRecord>;
    return { id: String(id), roles: Array.isArray(roles) ? roles.map(String) : [] };
  } catch {
    return { id: "", roles: [] };
  }
}
