import "./needs";
export * from "./args";
export * from "./cidr-args";
export { planCidrs, type RegionBlocks } from "./cidr-plan";
export type { RegionNetwork } from "./region-network";
export { RegionNetworks } from "./region-networks";
