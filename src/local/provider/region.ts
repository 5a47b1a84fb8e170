import { userInfo } from "node:os";
import {
  accountNames,
  configurationFile,
  hostBasedAuthentication,
  serverConfiguration,
  upstreamConfiguration,
  upstreamFile,
  type Retries,
  type Upstream,
} from "../postgres/configuration";
import { readIfThere, regionFiles, writePrivateFile, type RegionFiles } from "../postgres/folders";
import { join } from "node:path";
import { neverBelowTheWriter } from "../../never-below-the-writer";
import { namesOf } from "../../region-set";
import { listeningOn } from "../postgres/listening";
import { conditionOf } from "../postgres/server";
import { withSession, type Login } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import type { RegionInputs } from "./inputs";
import { keepRunningConfiguration } from "./take-up";

/** How to log in to this region's server. */
export function loginTo(inputs: RegionInputs, previousPassword?: string): Login {
  return {
    region: inputs.region,
    folder: inputs.folder,
    host: inputs.host,
    port: inputs.port,
    passwords: passwords(inputs, previousPassword),
    caCertificate: inputs.caCertificate,
  };
}

/** How to log in to the writer's server. */
export function loginToPrimary(inputs: RegionInputs, previousPassword?: string): Login {
  const { region, folder, host, port } = inputs.primary;
  return {
    region,
    folder,
    host,
    port,
    passwords: passwords(inputs, previousPassword),
    caCertificate: inputs.caCertificate,
  };
}

function passwords(inputs: RegionInputs, previous: string | undefined): string[] {
  const { superuserPassword } = inputs;
  return previous === undefined || previous === superuserPassword
    ? [superuserPassword]
    : [superuserPassword, previous];
}

/** Writes a server's configuration. Says whether anything changed. */
export async function configure(
  inputs: RegionInputs,
  files: RegionFiles,
  parameters = inputs.parameters,
): Promise<boolean> {
  await keepRunningConfiguration(files);
  const changes = await Promise.all([
    writePrivateFile(
      configurationFile(files),
      serverConfiguration({ ...inputs, peers: namesOf(inputs.peers), parameters }, files),
    ),
    writePrivateFile(join(files.data, "pg_hba.conf"), hostBasedAuthentication()),
    writePrivateFile(join(files.data, "pg_ident.conf"), accountNames(userInfo().username)),
  ]);
  return changes.includes(true);
}

/** A server to follow, and where it says on which port it listens. */
export type UpstreamServer = Upstream & { readonly folder: string };

/**
 * Turns a server to the one that it gets its write-ahead log from, on the port where that one listens now: it may be
 * about to have another. Has it try often until `seldom` is said: where it is turned to that one already, it goes on as
 * it was told. Says whether anything changed.
 */
export async function pointAt(
  upstream: UpstreamServer,
  region: string,
  files: RegionFiles,
  retries: Retries = "often",
): Promise<boolean> {
  const now = await listeningOn(regionFiles(upstream.folder));
  const place =
    now === undefined ? upstream : { ...upstream, host: now.host || upstream.host, port: now.port };
  const path = upstreamFile(files);
  const seldom = upstreamConfiguration(region, place, files, "seldom");
  if ((await readIfThere(path)) === seldom) {
    return false;
  }
  return writePrivateFile(path, retries === "seldom" ? seldom : upstreamConfiguration(region, place, files));
}

/**
 * The parameters of a reader while the writer still has its old ones: where one of those that must not be
 * below the writer's is lowered, the reader keeps what it has until the writer has been lowered too.
 */
export async function parametersUntilWriterFollows(
  inputs: RegionInputs,
  files: RegionFiles,
): Promise<Record<string, string>> {
  const present = (await readIfThere(configurationFile(files))) ?? "";
  const kept = neverBelowTheWriter.flatMap((name) => {
    const wanted = inputs.parameters[name];
    const had = new RegExp(`^${name} = '(\\d+)'$`, "m").exec(present)?.[1];
    return had === undefined || (wanted !== undefined && Number(wanted) >= Number(had)) ? [] : [[name, had]];
  });
  return { ...inputs.parameters, ...(Object.fromEntries(kept) as Record<string, string>) };
}

/** Whether a region is the writer, as far as its folder tells. */
export async function isWriter(folder: string): Promise<boolean> {
  const { initialised, standby, fenced } = await conditionOf(regionFiles(folder));
  return initialised && !standby && !fenced;
}

/**
 * The slot on the writer keeps the log that this region has not had yet. Until there is one the log is kept by size. A
 * failure is ignored here: the writer may be down, and `LocalReplication`, which comes later, makes the slot or fails.
 */
export async function keepPlaceAtPrimary(inputs: RegionInputs, previousPassword?: string): Promise<void> {
  const primary = loginToPrimary(inputs, previousPassword);
  await withSession(primary, (client) => ensureSlot(client, inputs.region)).catch(() => undefined);
}
