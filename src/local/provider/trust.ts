import { dirname, join } from "node:path";
import { namesOf } from "../../region-set";
import {
  makePrivateFolder,
  readIfThere,
  readPublicFile,
  regionFiles,
  writePrivateFile,
  writePublicFile,
  type RegionFiles,
} from "../postgres/folders";
import { reloadServer } from "../postgres/server";
import type { RegionInputs, ServerInputs } from "./inputs";

/**
 * Writes a region's certificates. Another certificate authority comes in steps, since the servers change their
 * certificates one after another: before the first one of the new authority is presented, every region and the file
 * that clients read trust both authorities. They trust the old one until `trustDeclaredAlone`.
 */
export async function writeCertificates(inputs: ServerInputs, files: RegionFiles): Promise<void> {
  const { caCertificate, folder, declared } = inputs;
  await writePublicFile(files.publicCa, bundleOf(caCertificate, await readPublicFile(files.publicCa)));
  await makePrivateFolder(join(files.folder, "tls"));
  await writePrivateFile(files.ca, bundleOf(caCertificate, await readIfThere(files.ca)));
  const others = namesOf(declared).map((region) => regionFiles(join(dirname(folder), region)));
  await Promise.all(
    others
      .filter((other) => other.folder !== folder)
      // What keeps a file from being written is told where that region's own server is applied.
      .map((other) => trustToo(caCertificate, other).catch(() => undefined)),
  );
  await writePrivateFile(files.serverCertificate, inputs.certificate);
  await writePrivateFile(files.serverKey, inputs.privateKey);
  await writePrivateFile(files.replicationCertificate, inputs.replicationCertificate);
  await writePrivateFile(files.replicationKey, inputs.replicationKey);
}

/** Once every server presents its declared certificate: what was trusted before is not trusted any more. */
export async function trustDeclaredAlone({ caCertificate }: RegionInputs, files: RegionFiles): Promise<void> {
  await writePublicFile(files.publicCa, caCertificate);
  if (await writePrivateFile(files.ca, caCertificate)) {
    await reloadServer(files);
  }
}

/**
 * Whether a region trusts what it should not any more. The update of another region writes that, and leaves it where it is
 * killed and taken back.
 */
export async function trustsOthers({ folder, caCertificate }: RegionInputs): Promise<boolean> {
  const present = await readIfThere(regionFiles(folder).ca);
  return present !== undefined && present !== caCertificate;
}

async function trustToo(caCertificate: string, files: RegionFiles): Promise<void> {
  const present = await readIfThere(files.ca);
  if (present === undefined) {
    return; // A region that is not there yet.
  }
  if (await writePrivateFile(files.ca, bundleOf(caCertificate, present))) {
    await reloadServer(files);
  }
}

/** What is declared, and after it each further certificate that has been trusted until now. */
export function bundleOf(declared: string, trusted = ""): string {
  const others = certificatesIn(trusted).filter((each) => !certificatesIn(declared).includes(each));
  return [declared, ...others.map((each) => `${each}\n`)].join("");
}

function certificatesIn(bundle: string): string[] {
  return [...new Set(bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])];
}
