export { Drill, type DrillArgs, type StopOptions } from "./drill";
export { formatReport, type DrillReport, type Marker, type ReaderLag, type RegionSamples } from "./report";
export type { Pause, SecondWriter } from "./analysis";
export type { ErrorCount } from "./error-tally";
export type { LostRow } from "./reconciliation";
