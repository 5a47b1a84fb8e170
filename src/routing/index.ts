import "./needs";
export * from "./args";
export { GlobalRouting } from "./global-routing";
export { routingRecords, type RecordPolicy, type RecordType, type RoutingRecord } from "./records";
export { EndpointParameters } from "./endpoint-parameters";
export type { EndpointParametersArgs } from "./endpoint-parameters-args";
