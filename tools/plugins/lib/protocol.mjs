// @ts-check
import { createRequire } from "node:module";

// The messages have to come from the very copies that the Pulumi SDK itself loads: two copies of
// google-protobuf or of grpc-js do not recognise each other's objects.
const fromSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

export const grpc = /** @type {typeof import("@grpc/grpc-js")} */ (fromSdk("@grpc/grpc-js"));
export const provider = fromSdk("@pulumi/pulumi/proto/provider_pb.js");
export const { ResourceProviderService } = fromSdk("@pulumi/pulumi/proto/provider_grpc_pb.js");
export const plugin = fromSdk("@pulumi/pulumi/proto/plugin_pb.js");
export const { Struct } = fromSdk("google-protobuf/google/protobuf/struct_pb.js");
export const { Empty } = fromSdk("google-protobuf/google/protobuf/empty_pb.js");
export const { Status } = fromSdk("@pulumi/pulumi/proto/status_pb.js");
export const { Any } = fromSdk("google-protobuf/google/protobuf/any_pb.js");
export const engine = fromSdk("@pulumi/pulumi/proto/engine_pb.js");
export const { EngineClient } = fromSdk("@pulumi/pulumi/proto/engine_grpc_pb.js");
export const resource = fromSdk("@pulumi/pulumi/proto/resource_pb.js");
export const { ResourceMonitorClient } = fromSdk("@pulumi/pulumi/proto/resource_grpc_pb.js");
