/** What tells a region from every other one, whatever its kubeconfig says. */
export interface Identity {
  /** The UID of the namespace `kube-system`, which is one for each Kubernetes cluster. */
  readonly kubernetes?: string;
  /** The system identifier of its database: one for all regions of a topology. */
  readonly database?: string;
}

/** What was found where the kubeconfig of a region leads. */
export interface FoundIdentity extends Identity {
  readonly hasCluster: boolean;
}

export interface IdentityFailure {
  readonly property: string;
  readonly reason: string;
}

/** What is remembered of every region after an update: what was not found now is as it was. */
export function remembered(
  names: readonly string[],
  known: Readonly<Record<string, Identity>>,
  found: Readonly<Record<string, Identity>>,
): Record<string, Identity> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const { kubernetes = known[name]?.kubernetes, database = known[name]?.database } = found[name] ?? {};
      const identity = { ...(kubernetes && { kubernetes }), ...(database && { database }) };
      return Object.keys(identity).length > 0 ? [[name, identity] as const] : [];
    }),
  );
}

/**
 * Refuses regions that are not the ones that they were, two that are one, and databases that are not one.
 *
 * @param names All regions that are not lost.
 * @param known What earlier updates found.
 * @param found What is found now, of those that answer.
 */
export function identityFailures(
  names: readonly string[],
  known: Readonly<Record<string, Identity>>,
  found: Readonly<Record<string, FoundIdentity>>,
): IdentityFailure[] {
  const moved = [...movedFailures(known, found), ...doubleFailures(found)];
  // Where a kubeconfig is wrong, what is found there tells nothing of the database.
  return moved.length > 0 ? moved : [...databaseFailures(known, found), ...goneFailures(names, known, found)];
}

function* movedFailures(
  known: Readonly<Record<string, Identity>>,
  found: Readonly<Record<string, Identity>>,
): Generator<IdentityFailure> {
  for (const [name, { kubernetes }] of Object.entries(found)) {
    const before = known[name]?.kubernetes;
    if (before === undefined || kubernetes === undefined || before === kubernetes) {
      continue;
    }
    const owner = Object.keys(known).find((other) => known[other]!.kubernetes === kubernetes);
    const place =
      owner === undefined
        ? `another Kubernetes cluster, ${kubernetes}`
        : `the Kubernetes cluster of ${owner}`;
    yield {
      property: `regions.${name}.kubeconfig`,
      reason:
        `leads to ${place}: that of ${name} was ${before} (the UID of its namespace kube-system). Give the kubeconfig ` +
        `of ${name} as it was. If its cluster was made again, name ${name} in lost, then take it out of regions, ` +
        "and add it in a later update: what it alone holds is lost",
    };
  }
}

function* doubleFailures(found: Readonly<Record<string, Identity>>): Generator<IdentityFailure> {
  const taken = new Map<string, string>();
  for (const [name, { kubernetes }] of Object.entries(found)) {
    if (kubernetes === undefined) {
      continue;
    }
    const other = taken.get(kubernetes);
    if (other !== undefined) {
      yield {
        property: `regions.${name}.kubeconfig`,
        reason: `leads to the same Kubernetes cluster as that of ${other}, ${kubernetes}: each region has its own`,
      };
    }
    taken.set(kubernetes, other ?? name);
  }
}

function* databaseFailures(
  known: Readonly<Record<string, Identity>>,
  found: Readonly<Record<string, Identity>>,
): Generator<IdentityFailure> {
  const [first] = [...Object.entries(known), ...Object.entries(found)].flatMap(([name, { database }]) =>
    database === undefined ? [] : [{ name, database }],
  );
  for (const [name, { database }] of Object.entries(found)) {
    if (first !== undefined && database !== undefined && database !== first.database) {
      yield {
        property: `regions.${name}`,
        reason:
          `holds another database than ${name === first.name ? "before" : first.name}: its system identifier is ` +
          `${database}, not ${first.database}. Nothing is changed: look which of them is the one, and which Cluster ` +
          "is not of this topology, and take that one away",
      };
    }
  }
}

/** Where nothing is left, the next update would found an empty database in place of the one that there was. */
function* goneFailures(
  names: readonly string[],
  known: Readonly<Record<string, Identity>>,
  found: Readonly<Record<string, FoundIdentity>>,
): Generator<IdentityFailure> {
  const held = Object.values(known).find(({ database }) => database !== undefined);
  const areAllSeen = names.length > 0 && names.every((name) => found[name] !== undefined);
  if (held !== undefined && areAllSeen && names.every((name) => !found[name]!.hasCluster)) {
    yield {
      property: "regions",
      reason:
        `have no Cluster any more (${names.join(", ")}), and held the database ${held.database}: an empty one is not put ` +
        "in its place. Look for them with kubectl get clusters.postgresql.cnpg.io --all-namespaces in every region. " +
        "If the data is gone for good, run pulumi destroy, and pulumi up",
    };
  }
}
