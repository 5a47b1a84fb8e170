// @ts-check
import { ResourceMonitorClient, grpc, resource } from "./protocol.mjs";
import { decodeMarked, encode } from "./values.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 *
 * @typedef {object} Registration
 * @property {string} type
 * @property {string} name
 * @property {boolean} custom whether a provider manages it, or it only groups others
 * @property {string} parent
 * @property {Properties} inputs
 * @property {string} [provider] a reference to it
 * @property {string[]} dependencies
 * @property {boolean} protect
 * @property {boolean} retainOnDelete
 * @property {string} [version] of the provider, where it is the default one
 * @property {any[]} [aliases] as the engine gave them
 * @property {[string, string][]} [providers] for the resources below, by package
 */

/** The part of the engine that resources are registered with while it runs a program. */
export class Monitor {
  #client;

  /** @param {string} address */
  constructor(address) {
    this.#client = new ResourceMonitorClient(address, grpc.credentials.createInsecure());
  }

  close() {
    this.#client.close();
  }

  /**
   * @param {Registration} registration
   * @returns {Promise<{ urn: string, id: string, state: Properties }>}
   */
  async register({ type, name, custom, parent, inputs, provider = "", dependencies, protect, ...rest }) {
    const request = new resource.RegisterResourceRequest();
    request.setType(type);
    request.setName(name);
    request.setCustom(custom);
    request.setParent(parent);
    request.setObject(encode(inputs));
    request.setProvider(provider);
    request.setDependenciesList(dependencies);
    // To say no would be to overrule what the parent says.
    if (protect) {
      request.setProtect(true);
    }
    if (rest.retainOnDelete) {
      request.setRetainondelete(true);
    }
    request.setVersion(rest.version ?? "");
    request.setAliasesList(rest.aliases ?? []);
    request.setAliasspecs(true);
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSupportspartialvalues(true);
    for (const [name, reference] of rest.providers ?? []) {
      request.getProvidersMap().set(name, reference);
    }
    const response = await this.#call("registerResource", request);
    return { urn: response.getUrn(), id: response.getId(), state: decodeMarked(response.getObject()) };
  }

  /**
   * @param {string} urn of a resource that only groups others
   * @param {Properties} outputs
   */
  async registerOutputs(urn, outputs) {
    const request = new resource.RegisterResourceOutputsRequest();
    request.setUrn(urn);
    request.setOutputs(encode(outputs));
    await this.#call("registerResourceOutputs", request);
  }

  /**
   * @param {string} method
   * @param {any} request
   * @returns {Promise<any>}
   */
  #call(method, request) {
    return new Promise((resolve, reject) =>
      this.#client[method](request, (/** @type {any} */ error, /** @type {any} */ response) =>
        error ? reject(new Error(error.details || error.message, { cause: error })) : resolve(response),
      ),
    );
  }
}
