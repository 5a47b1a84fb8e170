// @ts-check
import { NoMatch, isNotFound } from "./api-error.mjs";

/**
 * @typedef {import("./connection.mjs").Connection} Connection
 * @typedef {import("./await/object.mjs").KubernetesObject} KubernetesObject
 *
 * @typedef {{ apiVersion: string, kind: string }} Type
 * @typedef {Type & { namespace?: string | undefined, name: string }} Identity
 * @typedef {{ name: string, kind: string, namespaced: boolean }} ServedResource
 * @typedef {{ fieldManager: string, dryRun: boolean }} Writing
 */

const DEFAULT_NAMESPACE = "default";

/** The objects of one Kubernetes cluster, of whatever kind. */
export class Cluster {
  /** @type {Map<string, Promise<ServedResource[]>>} */
  #served = new Map();

  /** @param {Pick<Connection, "send">} connection */
  constructor(connection) {
    this.connection = connection;
  }

  /** Fails unless the API server answers and accepts the credentials. */
  async reach() {
    await this.connection.send({ method: "GET", path: "/api" });
  }

  /**
   * @param {Type} type
   * @returns {Promise<boolean>}
   */
  async serves(type) {
    try {
      await this.#resourceOf(type);
      return true;
    } catch (error) {
      if (error instanceof NoMatch) {
        return false;
      }
      throw error;
    }
  }

  /**
   * @param {Type} type
   * @returns {Promise<boolean>}
   */
  async isNamespaced(type) {
    return (await this.#resourceOf(type)).namespaced;
  }

  /** What is served has to be asked for anew after a CustomResourceDefinition has been created. */
  forgetServed() {
    this.#served.clear();
  }

  /**
   * @param {Identity} identity
   * @returns {Promise<KubernetesObject>}
   */
  async get(identity) {
    return this.connection.send({ method: "GET", path: await this.#pathOf(identity) });
  }

  /**
   * @param {Identity} identity
   * @returns {Promise<KubernetesObject | undefined>} nothing if there is no such object
   */
  async read(identity) {
    try {
      return await this.get(identity);
    } catch (error) {
      if (isNotFound(error) || error instanceof NoMatch) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * @param {Type & { namespace?: string, labelSelector?: string }} query
   * @returns {Promise<KubernetesObject[]>}
   */
  async list({ apiVersion, kind, namespace, labelSelector }) {
    const { name } = await this.#resourceOf({ apiVersion, kind });
    const path = [baseOf(apiVersion), ...inNamespace(namespace), name].join("/");
    const { items } = await this.connection.send({ method: "GET", path, query: { labelSelector } });
    return items.map((/** @type {object} */ item) => ({ apiVersion, kind, ...item }));
  }

  /**
   * @param {KubernetesObject} object
   * @param {Writing} writing
   * @returns {Promise<KubernetesObject>}
   */
  async create(object, writing) {
    return this.connection.send({
      method: "POST",
      path: await this.#collectionOf(object, object.metadata.namespace),
      query: queryOf(writing),
      body: canonical(object),
    });
  }

  /**
   * @param {KubernetesObject} object
   * @param {Writing & { force?: boolean }} writing
   * @returns {Promise<KubernetesObject>}
   */
  async apply(object, { force = false, ...writing }) {
    return this.connection.send({
      method: "PATCH",
      path: await this.#pathOf(identityOf(object)),
      query: { ...queryOf(writing), force: String(force) },
      body: canonical(object),
      contentType: "application/apply-patch+yaml",
    });
  }

  /**
   * @param {KubernetesObject} object
   * @param {Writing} writing
   * @returns {Promise<KubernetesObject>}
   */
  async replace(object, writing) {
    return this.connection.send({
      method: "PUT",
      path: await this.#pathOf(identityOf(object)),
      query: queryOf(writing),
      body: canonical(object),
    });
  }

  /**
   * @param {KubernetesObject} object
   * @param {object[]} patch
   * @returns {Promise<KubernetesObject>}
   */
  async patch(object, patch) {
    return this.connection.send({
      method: "PATCH",
      path: await this.#pathOf(identityOf(object)),
      body: patch,
      contentType: "application/json-patch+json",
    });
  }

  /**
   * @param {Identity} identity
   * @param {"Foreground" | "Background" | "Orphan"} propagationPolicy
   */
  async remove(identity, propagationPolicy) {
    await this.connection.send({
      method: "DELETE",
      path: await this.#pathOf(identity),
      body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy },
    });
  }

  /** @param {Identity} identity */
  async #pathOf(identity) {
    return `${await this.#collectionOf(identity, identity.namespace)}/${encodeURIComponent(identity.name)}`;
  }

  /**
   * @param {Type} type
   * @param {string | undefined} namespace
   */
  async #collectionOf(type, namespace) {
    const { name, namespaced } = await this.#resourceOf(type);
    const scope = namespaced ? inNamespace(namespace || DEFAULT_NAMESPACE) : [];
    return [baseOf(type.apiVersion), ...scope, name].join("/");
  }

  /**
   * @param {Type} type
   * @returns {Promise<ServedResource>}
   */
  async #resourceOf(type) {
    const known = this.#served.get(type.apiVersion);
    const found = known && (await known.catch(() => [])).find(({ kind }) => kind === type.kind);
    if (found !== undefined) {
      return found;
    }
    const served = this.#servedIn(type.apiVersion);
    this.#served.set(type.apiVersion, served);
    const resource = (await served).find(({ kind }) => kind === type.kind);
    if (resource === undefined) {
      throw new NoMatch(type);
    }
    return resource;
  }

  /**
   * @param {string} apiVersion
   * @returns {Promise<ServedResource[]>}
   */
  async #servedIn(apiVersion) {
    try {
      const { resources } = await this.connection.send({ method: "GET", path: baseOf(apiVersion) });
      return resources.filter((/** @type {ServedResource} */ { name }) => !name.includes("/"));
    } catch (error) {
      if (isNotFound(error)) {
        return [];
      }
      throw error;
    }
  }
}

/**
 * @param {KubernetesObject} object
 * @returns {Identity}
 */
export function identityOf({ apiVersion, kind, metadata: { namespace, name } }) {
  return { apiVersion, kind, namespace, name };
}

/** @param {string} apiVersion */
export const canonicalVersion = (apiVersion) => apiVersion.replace(/^core\//, "");

/** @param {string} apiVersion */
function baseOf(apiVersion) {
  const version = canonicalVersion(apiVersion);
  return version.includes("/") ? `/apis/${version}` : `/api/${version}`;
}

/** @param {string | undefined} namespace */
const inNamespace = (namespace) => (namespace ? ["namespaces", encodeURIComponent(namespace)] : []);

/** @param {KubernetesObject} object */
const canonical = (object) => ({ ...object, apiVersion: canonicalVersion(object.apiVersion) });

/** @param {Writing} writing */
const queryOf = ({ fieldManager, dryRun }) => ({ fieldManager, dryRun: dryRun ? "All" : undefined });
