export * from "./args";
export { GlobalRouting } from "./global-routing";
export { routingRecords, type RecordPolicy, type RecordType, type RoutingRecord } from "./records";
