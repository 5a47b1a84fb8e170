import { mismatch, shown, type Failure, type Unknowns } from "../../rules";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const day = 24 * 60;
const week = 7 * day;

/** AWS's least for both windows, in minutes. */
const shortest = 30;

/** A window by its first minute and its length, of a day or of a week. */
interface Window {
  readonly start: number;
  readonly length: number;
}

/** The windows in which AWS works on the database: well-formed, half an hour or more, and apart from each other. */
export function* windowsFailures({ maintenanceWindow, backupWindow }: Unknowns): Generator<Failure> {
  yield* mismatch("maintenanceWindow", maintenanceWindow, isWeekly, weekly);
  yield* mismatch("backupWindow", backupWindow, isDaily, daily);
  if (isWeekly(maintenanceWindow) && isDaily(backupWindow) && overlap(maintenanceWindow, backupWindow)) {
    const reason = `must not overlap with backupWindow, ${shown(backupWindow)}, as ${shown(maintenanceWindow)} does`;
    yield { propertyPath: "maintenanceWindow", reason };
  }
}

const weekly = "a window of 30 minutes to 24 hours such as sun:03:00-sun:04:00, in UTC";
const daily = "a window of 30 minutes or more such as 01:00-02:00, in UTC";

function isWeekly(value: unknown): value is string {
  const window = typeof value === "string" ? weeklyWindow(value) : undefined;
  return window !== undefined && window.length >= shortest && window.length <= day;
}

function isDaily(value: unknown): value is string {
  const window = typeof value === "string" ? dailyWindow(value) : undefined;
  return window !== undefined && window.length >= shortest;
}

function overlap(maintenance: string, backup: string): boolean {
  const own = weeklyWindow(maintenance)!;
  const { start, length } = dailyWindow(backup)!;
  // Every day's, and those of the days before and after the week.
  const backups = Array.from({ length: 9 }, (_, index) => start + (index - 1) * day);
  return [0, week].some((shift) =>
    backups.some((begin) => begin < own.start + shift + own.length && own.start + shift < begin + length),
  );
}

function weeklyWindow(text: string): Window | undefined {
  const match = /^([a-z]{3}):(\d\d:\d\d)-([a-z]{3}):(\d\d:\d\d)$/.exec(text);
  const [start, end] = match === null ? [] : [momentOf(match[1]!, match[2]!), momentOf(match[3]!, match[4]!)];
  return windowOf(start, end, week);
}

function dailyWindow(text: string): Window | undefined {
  const match = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
  return match === null ? undefined : windowOf(minuteOf(match[1]!), minuteOf(match[2]!), day);
}

function windowOf(start: number | undefined, end: number | undefined, period: number): Window | undefined {
  return start === undefined || end === undefined
    ? undefined
    : { start, length: (end - start + period) % period };
}

function momentOf(name: string, time: string): number | undefined {
  const [index, minute] = [days.indexOf(name), minuteOf(time)];
  return index < 0 || minute === undefined ? undefined : index * day + minute;
}

function minuteOf(time: string): number | undefined {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined;
}
