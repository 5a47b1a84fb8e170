/** A declared topology, as far as changes change it. The secrets, the ports and the values are counted. */
export interface Declared {
  readonly primary: string;
  readonly lost: readonly string[];
  readonly regions: Readonly<Record<string, { readonly port: number; readonly hibernated: boolean }>>;
  readonly host: "localhost" | "127.0.0.1";
  readonly durability: "local" | "region";
  readonly passwords: number;
  readonly certificates: number;
  readonly authority: number;
  /** Megabytes of `work_mem`, which a reload changes. */
  readonly workMemory: number;
  /** `max_connections`, which a restart changes. */
  readonly connections: number;
  readonly roles: number;
}

/** One change that the arguments allow. */
export interface Change {
  readonly name: string;
  /** What it needs before, each an update of its own. What is there already is left as it is. */
  readonly needs?: readonly ((now: Declared) => Declared)[];
  /** Changes `now`, which another change may have changed. The regions are taken from `start`, before either. */
  readonly apply: (now: Declared, start: Declared) => Declared;
}

/** Where the tests' regions may be named, in this order. */
const names = ["rome", "lisbon", "dublin", "paris", "madrid", "oslo"];

/** The readers that are up, in the order of their names. */
export function readersOf({ regions, primary, lost }: Declared): string[] {
  return names.filter(
    (name) => regions[name]?.hibernated === false && name !== primary && !lost.includes(name),
  );
}

/** The region that a move or a failover makes the writer. */
export function nextWriter(start: Declared): string {
  return readersOf(start)[0]!;
}

export function hibernatedRegion({ regions }: Declared): string | undefined {
  return Object.keys(regions).find((name) => regions[name]!.hibernated);
}

export function without(now: Declared, region: string): Declared {
  const others = Object.entries(now.regions).filter(([name]) => name !== region);
  return { ...now, regions: Object.fromEntries(others) };
}

export function withHibernated(now: Declared, region: string, hibernated: boolean): Declared {
  return { ...now, regions: { ...now.regions, [region]: { ...now.regions[region]!, hibernated } } };
}

function failOver(now: Declared, start = now): Declared {
  return { ...now, primary: nextWriter(start), lost: [...now.lost, start.primary] };
}

/** Every change that the arguments allow. A region that is added, or moved to another port, gets a port of `ports`. */
export function changesWith(ports: () => number): Change[] {
  const add = (now: Declared): Declared => {
    const name = names.find((candidate) => now.regions[candidate] === undefined)!;
    return { ...now, regions: { ...now.regions, [name]: { port: ports(), hibernated: false } } };
  };
  const threeReaders = (now: Declared) => (readersOf(now).length < 3 ? add(now) : now);
  const quorum = (now: Declared): Declared => ({ ...now, durability: "region" });
  return [
    { name: "move", apply: (now, start) => ({ ...now, primary: nextWriter(start) }) },
    // With "local" a failover may lose what no reader had received.
    { name: "fail over", needs: [quorum], apply: failOver },
    {
      name: "rejoin",
      needs: [quorum, threeReaders, (now) => (now.lost.length === 0 ? failOver(now) : now)],
      apply: (now, start) => ({ ...now, lost: now.lost.filter((name) => !start.lost.includes(name)) }),
    },
    { name: "rotate passwords", apply: (now) => ({ ...now, passwords: now.passwords + 1 }) },
    { name: "rotate certificates", apply: (now) => ({ ...now, certificates: now.certificates + 1 }) },
    { name: "change the CA", apply: (now) => ({ ...now, authority: now.authority + 1 }) },
    { name: "add a region", apply: add },
    {
      name: "remove a region",
      needs: [threeReaders],
      apply: (now, start) => without(now, readersOf(start).at(-1)!),
    },
    {
      name: "hibernate",
      needs: [threeReaders],
      apply: (now, start) => withHibernated(now, readersOf(start).at(-2)!, true),
    },
    {
      name: "resume",
      needs: [
        threeReaders,
        (now) =>
          hibernatedRegion(now) === undefined ? withHibernated(now, readersOf(now).at(-1)!, true) : now,
      ],
      apply: (now, start) => withHibernated(now, hibernatedRegion(start)!, false),
    },
    { name: "set a parameter", apply: (now) => ({ ...now, workMemory: now.workMemory + 1 }) },
    {
      name: "set a parameter that restarts",
      apply: (now) => ({ ...now, connections: now.connections === 100 ? 90 : 100 }),
    },
    { name: "change the roles", apply: (now) => ({ ...now, roles: now.roles + 1 }) },
    {
      name: "change the durability",
      apply: (now, start) => ({ ...now, durability: start.durability === "local" ? "region" : "local" }),
    },
    {
      name: "change the ports",
      apply: (now) => ({
        ...now,
        regions: Object.fromEntries(
          Object.entries(now.regions).map(([name, region]) => [name, { ...region, port: ports() }]),
        ),
      }),
    },
    {
      name: "change the host",
      apply: (now, start) => ({ ...now, host: start.host === "localhost" ? "127.0.0.1" : "localhost" }),
    },
  ];
}

/** Every two changes, by name. A failover is a move already. */
export function pairsOf(changes: readonly Change[]): { name: string; pair: readonly Change[] }[] {
  return changes
    .flatMap((first, index) => changes.slice(index + 1).map((second) => [first, second]))
    .map((pair) => ({ name: pair.map(({ name }) => name).join(", "), pair }))
    .filter(({ name }) => name !== "move, fail over");
}

/** Pairs that are refused before anything is changed, and why. */
export const refusals: Readonly<Record<string, RegExp>> = {
  "fail over, remove a region": /keep \w+ in regions now, and remove it in the next update/,
  "fail over, hibernate": /set hibernated of \w+ to false now, and hibernate it in the next update/,
};
