// @ts-check
import { Any, Status, grpc, provider } from "./protocol.mjs";
import { encode } from "./values.mjs";

/** @typedef {import("./values.mjs").Properties} Properties */

/** A resource is there, so that the engine has to keep its state, but it is not as it should be. */
export class InitializationFailed extends Error {
  /**
   * @param {string} message
   * @param {{ id: string, state: Properties, inputs?: Properties, reasons: string[] }} resource
   */
  constructor(message, resource) {
    super(message);
    this.name = "InitializationFailed";
    this.resource = resource;
  }
}

/** @param {InitializationFailed} error */
export function asGrpcError({ message, resource: { id, state, inputs, reasons } }) {
  const failure = new provider.ErrorResourceInitFailed();
  failure.setId(id);
  failure.setProperties(encode(state));
  failure.setReasonsList(reasons);
  if (inputs !== undefined) {
    failure.setInputs(encode(inputs));
  }
  const detail = new Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
