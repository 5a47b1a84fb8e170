import "./needs";
export * from "./args";
export { EndpointConfig } from "./endpoint-config";
export * from "./endpoint-config-args";
export * from "./entry-args";
export * from "./link-args";
export type { LinkVariable } from "./link-environment";
export { RegionalApp, type AppRegion } from "./regional-app";
export type { ResourcesArgs } from "../kubernetes/resources-args";
