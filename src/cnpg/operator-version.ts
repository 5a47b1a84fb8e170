/** The first version of each line that keeps the token of a handover: CloudNativePG's issue 11075. */
const firstOfLine: Readonly<Record<string, number>> = { "1.28": 4, "1.29": 2 };

export const oldEnough = "version 1.30.0, 1.29.2 or 1.28.4 at least";

/** Whether an operator's image is known, by its tag, to be too old. A tag that is no version tells nothing. */
export function tooOld(image: string): boolean {
  const [, major, minor, patch] = /:v?(\d+)\.(\d+)\.(\d+)(?:[-@]|$)/.exec(image) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) {
    return false;
  }
  const first = firstOfLine[`${major}.${minor}`];
  return first === undefined
    ? Number(major) < 1 || (Number(major) === 1 && Number(minor) < 28)
    : Number(patch) < first;
}
