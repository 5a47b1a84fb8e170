import { join } from "node:path";
import { planRegions, type RegionPlan, type TopologyPlan } from "../topology-plan";
import type { LocalPostgresArgs } from "./args";

/** One region, as far as it follows from the arguments alone. */
export interface LocalRegionPlan extends RegionPlan {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
}

/** What follows from valid arguments. */
export function planTopology(args: LocalPostgresArgs, dataDir: string): TopologyPlan<LocalRegionPlan> {
  return planRegions(args, ({ host, port }, region) => ({
    folder: join(dataDir, region),
    host: host ?? "localhost",
    port,
  }));
}
