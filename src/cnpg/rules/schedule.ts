/** What each field of a schedule may be, in their order. */
const fields = [
  { least: 0, most: 59 },
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec" },
  { least: 0, most: 6, names: "sun mon tue wed thu fri sat" },
] as const;

/** Whether a text is cron with seconds first, as the operator reads it. */
export function isSchedule(value: unknown): value is string {
  const parts = typeof value === "string" ? value.trim().split(/\s+/) : [];
  return parts.length === fields.length && parts.every((part, index) => isField(part, fields[index]!));
}

type Field = (typeof fields)[number];

function isField(text: string, field: Field): boolean {
  return text.split(",").every((range) => isRange(range, field));
}

/** `*`, `5`, `1-5`, and each of them with a step: `*\/10`. */
function isRange(text: string, field: Field): boolean {
  const [, every, start, end, step] = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(text) ?? [];
  if ((every ?? start) === undefined || (step !== undefined && Number(step) === 0)) {
    return false;
  }
  const [first, last] = [start, end ?? start].map((name) => numberOf(name ?? "", field));
  return every !== undefined || (first! >= field.least && last! >= first! && last! <= field.most);
}

/** Not a number for what is no name either. */
function numberOf(text: string, field: Field): number {
  const names: readonly string[] = "names" in field ? field.names.split(" ") : [];
  const index = names.indexOf(text.toLowerCase());
  return index === -1 ? (/^\d+$/.test(text) ? Number(text) : NaN) : index + field.least;
}
