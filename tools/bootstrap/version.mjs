/** Whether a version such as "v3.232.0" or "1.26rc1" is `wanted` or newer. */
export function isAtLeast(version, wanted) {
  const have = numbers(version);
  for (const [index, number] of numbers(wanted).entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version) {
  return (version.match(/\d+(\.\d+)*/)?.[0] ?? "0").split(".").map(Number);
}
