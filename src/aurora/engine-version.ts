/** What a version of Aurora PostgreSQL may lack. */
export type Feature = "globalDatabase" | "writeForwarding" | "serverless" | "pausing";

/** An engine version that is a major and a minor number. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * The first minor version of each major one that has a feature, as the Aurora User Guide lists them. Newer major versions
 * have all of them.
 */
const firstMinors: Readonly<Record<Feature, Readonly<Record<number, number>>>> = {
  globalDatabase: { 14: 3, 15: 2, 16: 1 },
  writeForwarding: { 14: 9, 15: 4, 16: 0 },
  serverless: { 14: 3, 15: 2, 16: 1 },
  pausing: { 14: 12, 15: 7, 16: 3 },
};

const oldestMajor = 14;

/** Reads `16.13`; undefined where it is none. */
export function parseEngineVersion(text: unknown): EngineVersion | undefined {
  const match = typeof text === "string" ? /^(\d{1,3})\.(\d{1,3})$/.exec(text) : null;
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Whether a version has a feature. */
export function hasFeature({ major, minor }: EngineVersion, feature: Feature): boolean {
  return major >= oldestMajor && minor >= (firstMinors[feature][major] ?? 0);
}

/** The versions that have a feature, for a message: `14.9, 15.4, 16.0 or newer`. */
export function versionsWith(feature: Feature): string {
  const firsts = Object.entries(firstMinors[feature]).map(([major, minor]) => `${major}.${minor}`);
  return `${firsts.join(", ")} or newer`;
}

/** The family of parameter groups: `aurora-postgresql16`. */
export function parameterFamily(engineVersion: string): string {
  return `aurora-postgresql${parseEngineVersion(engineVersion)!.major}`;
}
