/** The Kubernetes names of what every region has. Part of the contract. */
export interface AppNames {
  /** Of the Deployment, its service and all else of which there is one. */
  readonly app: string;
  /** The secret environment. */
  readonly secrets: string;
  /** By which the image is pulled. */
  readonly pullSecret: string;
  /** What the pods find a database by. */
  link(link: string): string;
  /** The Job of a migration. */
  migration(fingerprint: string): string;
}

/** What the names of Secrets end in, and those of their resources. */
export const secretParts = {
  secrets: "secrets",
  pullSecret: "pull-secret",
  link: (link: string) => `link-${link}`,
} as const;

export function appNames(name: string): AppNames {
  return {
    app: name,
    secrets: `${name}-${secretParts.secrets}`,
    pullSecret: `${name}-${secretParts.pullSecret}`,
    link: (link) => `${name}-${secretParts.link(link)}`,
    migration: (fingerprint) => `${name}-migration-${fingerprint}`,
  };
}

/** The only container of every pod. */
export const container = "app";

/** What tells a release of a region from all others: the pod template's own annotation, and so its ReplicaSet's. */
export const releaseAnnotation = "multi-region-postgres/release";

/** What the values of a pod's Secrets are, in a word. */
export const configurationAnnotation = "multi-region-postgres/configuration";

const component = "app.kubernetes.io/component";

/** What all pods of the application have, a migration's too. */
export function labelsOf(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

/** What the pods have that serve. */
export function serverLabels(name: string): Record<string, string> {
  return { ...labelsOf(name), [component]: "server" };
}

/** What the pods have that migrate. */
export function migrationLabels(name: string): Record<string, string> {
  return { ...labelsOf(name), [component]: "migration" };
}

/** Labels as a request selects by them. */
export function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
