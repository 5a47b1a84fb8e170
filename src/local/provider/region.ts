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
import { namesOf } from "../../region-set";
import { listeningOn } from "../postgres/listening";
import { conditionOf } from "../postgres/server";
import { withSession, type Login } from "../postgres/session";
import { ensureSlot } from "../postgres/slots";
import type { RegionInputs } from "./inputs";
import { parametersUntilReplayed, type Away } from "./reader-parameters";
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
 * Turns a server to the one that it gets its write-ahead log from. Has it try often until `seldom` is said: where it is
 * turned to that one already, it goes on as it was told. Says whether anything changed.
 */
export async function pointAt(
  upstream: UpstreamServer,
  region: string,
  files: RegionFiles,
  retries: Retries = "often",
): Promise<boolean> {
  const path = upstreamFile(files);
  const text = await upstreamText(upstream, region, files);
  return (await readIfThere(path)) !== text("seldom") && writePrivateFile(path, text(retries));
}

/** Whether a server that follows another one would still try as often as in a handover. */
export async function triesOften(
  upstream: UpstreamServer,
  region: string,
  files: RegionFiles,
): Promise<boolean> {
  const text = await upstreamText(upstream, region, files);
  return (await readIfThere(upstreamFile(files))) === text("often");
}

/** With the port where the upstream server listens now: it may be about to have another. */
async function upstreamText(
  upstream: UpstreamServer,
  region: string,
  files: RegionFiles,
): Promise<(retries: Retries) => string> {
  const now = await listeningOn(regionFiles(upstream.folder));
  const place =
    now === undefined ? upstream : { ...upstream, host: now.host || upstream.host, port: now.port };
  return (retries) => upstreamConfiguration(region, place, files, retries);
}

/** Writes the configuration of a reader that may have yet to replay what the writer wrote. Says whether anything changed. */
export async function configureReader(
  inputs: RegionInputs,
  files: RegionFiles,
  previous: Away | undefined,
): Promise<boolean> {
  const present = (await readIfThere(configurationFile(files))) ?? "";
  return configure(inputs, files, parametersUntilReplayed(inputs.parameters, present, previous));
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
