// @ts-check
import { EngineClient, engine, grpc } from "./protocol.mjs";

/** @typedef {(urn: string, text: string) => void} Tell shows a resource's user a text */

/**
 * What a plugin can tell the engine that started it.
 * @param {string | undefined} address which the engine gives as the last argument
 * @returns {{ inform: Tell, warn: Tell, report: Tell }} `report` for what is only true at the moment
 */
export function engineAt(address) {
  if (address === undefined) {
    return { inform: () => {}, warn: () => {}, report: () => {} };
  }
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  /**
   * @param {number} severity
   * @param {boolean} ephemeral
   * @returns {Tell}
   */
  const teller = (severity, ephemeral) => (urn, text) => {
    const request = new engine.LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(text);
    request.setEphemeral(ephemeral);
    // A text that does not arrive is no reason to fail.
    client.log(request, () => {});
  };
  const { INFO, WARNING } = engine.LogSeverity;
  return { inform: teller(INFO, false), warn: teller(WARNING, false), report: teller(INFO, true) };
}
