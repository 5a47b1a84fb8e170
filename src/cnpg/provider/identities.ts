import {
  remembered,
  identityFailures,
  type FoundIdentity,
  type Identity,
  type IdentityFailure,
} from "../identity";
import { RegionCluster } from "../kubernetes/region";
import type { FoundingRegion } from "./inputs";

/** Who does not answer so fast is looked at later, where that is needed. */
const answerSeconds = 5;

/** Looks where the kubeconfigs of all regions lead, and compares that with what earlier updates found. */
export async function identify(
  regions: Readonly<Record<string, FoundingRegion>>,
  namespace: string,
  isFollowing: boolean,
  known: Readonly<Record<string, Identity>>,
  look: typeof lookAtIdentity = lookAtIdentity,
): Promise<{ identities: Record<string, Identity>; failures: IdentityFailure[] }> {
  const present = Object.keys(regions).filter((name) => regions[name]!.access !== undefined);
  const looks = await Promise.all(
    present.map(async (name) => [name, await look(regions[name]!, namespace)] as const),
  );
  const found = Object.fromEntries(
    looks.flatMap(([name, identity]) => (identity === undefined ? [] : [[name, identity] as const])),
  );
  // Copies of a server outside hold its database, and may be copied from another one.
  const [before, now] = isFollowing ? [withoutDatabases(known), withoutDatabases(found)] : [known, found];
  return {
    identities: remembered(Object.keys(regions), before, now),
    failures: identityFailures(present, before, now),
  };
}

function withoutDatabases<T extends Identity>(identities: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(identities).map(([name, { database: _, ...rest }]) => [name, rest as T]),
  );
}

/** Nothing where it cannot be looked at: what follows tells why, if it matters. */
async function lookAtIdentity(
  { access, cluster }: FoundingRegion,
  namespace: string,
): Promise<FoundIdentity | undefined> {
  try {
    const region = await RegionCluster.connect({ ...access!, namespace, cluster }, answerSeconds);
    const [kubernetes, live] = await Promise.all([region.uid(), region.read()]);
    const database = live?.status?.systemID;
    return {
      hasCluster: live !== undefined,
      ...(kubernetes && { kubernetes }),
      ...(database && { database }),
    };
  } catch {
    return undefined;
  }
}
