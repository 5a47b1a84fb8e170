// @ts-check
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "./api-error.mjs";

/**
 * @typedef {import("@kubernetes/client-node").KubeConfig} KubeConfig
 *
 * @typedef {object} Request
 * @property {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
 * @property {string} path
 * @property {Record<string, string | undefined>} [query]
 * @property {unknown} [body]
 * @property {string} [contentType] of the body, JSON by default
 */

const TIMEOUT = 60_000;
/** As Go's client has it, which is that of the real provider. */
const CONNECT_TIMEOUT = 30_000;
const MOST_RETRIES = 10;

/** Requests to one API server, with the credentials of a kubeconfig. */
export class Connection {
  /** @type {http.Agent | undefined} */
  #agent;

  /**
   * @param {KubeConfig} kubeconfig
   * @param {AbortSignal} signal ends what is under way
   */
  constructor(kubeconfig, signal) {
    this.kubeconfig = kubeconfig;
    this.signal = signal;
  }

  /**
   * @param {Request} request
   * @returns {Promise<any>} the parsed answer
   */
  async send(request) {
    for (let retries = 0; ; retries += 1) {
      const answer = await this.#attempt(request);
      if (answer.code === 429 && retries < MOST_RETRIES) {
        await sleep(answer.retryAfter * 1000, undefined, { signal: this.signal });
      } else if (answer.code >= 400) {
        throw new ApiError(answer.code, statusIn(answer.text));
      } else {
        return JSON.parse(answer.text);
      }
    }
  }

  /**
   * @param {Request} request
   * @returns {Promise<{ code: number, text: string, retryAfter: number }>}
   */
  async #attempt({ method, path, query = {}, body, contentType = "application/json" }) {
    const url = new URL(`${this.kubeconfig.getCurrentCluster()?.server}${path}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(key, value);
      }
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options = await this.#options();
    const headers = {
      ...options.headers,
      Accept: "application/json",
      ...(text === undefined
        ? {}
        : { "Content-Type": contentType, "Content-Length": Buffer.byteLength(text) }),
    };
    const { request } = url.protocol === "http:" ? http : https;

    return new Promise((resolve, reject) => {
      const sent = request(url, { ...options, method, headers, timeout: TIMEOUT, signal: this.signal });
      const timeOut = () => sent.destroy(Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT" }));
      sent.on("timeout", timeOut);
      sent.on("socket", (socket) => {
        if (socket.connecting) {
          const connecting = setTimeout(timeOut, CONNECT_TIMEOUT);
          socket.once("connect", () => clearTimeout(connecting));
          socket.once("close", () => clearTimeout(connecting));
        }
      });
      sent.on("error", (error) => {
        // The server may close a connection that was kept alive at the very moment it is used again.
        if (sent.reusedSocket && "code" in error && error.code === "ECONNRESET") {
          resolve({ code: 429, text: "", retryAfter: 0 });
        } else {
          reject(new Error(`${verbOf(method)} "${url}": ${described(error, url)}`, { cause: error }));
        }
      });
      sent.on("response", (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            code: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            retryAfter: Number(response.headers["retry-after"] ?? 1),
          }),
        );
      });
      sent.end(text);
    });
  }

  /** @returns {Promise<https.RequestOptions>} */
  async #options() {
    /** @type {https.RequestOptions} */
    const options = { servername: this.kubeconfig.getCurrentCluster()?.tlsServerName };
    await this.kubeconfig.applyToHTTPSOptions(options);
    // A program that gives credentials may give others the next time: its agent is not kept.
    if (!this.kubeconfig.getCurrentUser()?.exec && options.agent instanceof http.Agent) {
      this.#agent ??= Object.assign(options.agent, { keepAlive: true });
      options.agent = this.#agent;
    }
    return options;
  }
}

/**
 * @param {string} text
 * @returns {import("./api-error.mjs").Status}
 */
function statusIn(text) {
  try {
    const parsed = JSON.parse(text);
    return parsed.kind === "Status" ? parsed : { message: text };
  } catch {
    return text === "" ? {} : { message: text.trim() };
  }
}

/** @param {string} method */
const verbOf = (method) => method.charAt(0) + method.slice(1).toLowerCase();

/**
 * In the words of the real provider, which are those of Go.
 * @param {Error & { code?: string }} error
 * @param {URL} url
 */
function described(error, url) {
  const port = url.port || (url.protocol === "http:" ? "80" : "443");
  switch (error.code) {
    case "ECONNREFUSED":
      return `dial tcp ${url.hostname}:${port}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${url.hostname}:${port}: connect: no route to host`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${url.hostname}: no such host`;
    case "ETIMEDOUT":
      return `dial tcp ${url.hostname}:${port}: i/o timeout`;
    case "ABORT_ERR":
      return "context canceled";
    default:
      return error.message;
  }
}
