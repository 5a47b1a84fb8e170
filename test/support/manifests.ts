import type * as pulumi from "@pulumi/pulumi";
import { brought } from "../unit/secrets/brought";
import { appNames } from "../../src/app/manifests/names";
import type { MigrationInputs } from "../../src/app/provider/inputs";
import { registeredBy } from "./registered";

/** An object of Kubernetes, as a resource declares it. */
export type Manifest = Record<string, unknown>;

/** Makes components without an engine, and gives the objects of Kubernetes that they declare. */
export async function manifestsOf(declare: () => void): Promise<Manifest[]> {
  const seen = await registeredBy(declare, outputsOf);
  return seen.flatMap(({ type, inputs }) => {
    if (type.endsWith(":AppMigration")) {
      return [jobOf(inputs as unknown as MigrationInputs)];
    }
    return type.startsWith("kubernetes:") ? [inputs as Manifest] : [];
  });
}

/** The Job that a migration's provider makes. */
function jobOf({ app, fingerprint, region, job, regions }: MigrationInputs): Manifest {
  const { namespace } = regions[region]!.access;
  const name = appNames(app).migration(fingerprint);
  return { ...job, metadata: { ...job.metadata, name, namespace } };
}

function outputsOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type.split(":").at(-1)) {
    case "RandomPassword":
      return { result: `${name}'s password` };
    case "PrivateKey":
      return { privateKeyPem: brought.ca.privateKey };
    case "SelfSignedCert":
    case "LocallySignedCert":
      return { certPem: brought.ca.certificate };
    case "CnpgFounding":
    case "AppObjects":
      return { objectOwner: "the component#1" };
    case "CnpgHandover":
      return { report: { kind: "founding", to: "rome" }, token: "" };
    case "CnpgReplication":
      return { writableSince: "2026-11-21T05:00:00.000Z" };
    case "AppRollout":
      return { done: { release: "", version: "", before: "", image: (inputs as { app: string }).app } };
    default:
      return {};
  }
}
