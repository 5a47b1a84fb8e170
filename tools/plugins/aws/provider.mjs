// @ts-check
import { UNKNOWN } from "../lib/values.mjs";
import { fromSdk } from "./errors.mjs";
import { configFrom } from "./config.mjs";
import { isRegion, partitionOf } from "./regions.mjs";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./config.mjs").Config} Config
 * @typedef {"ec2" | "rds" | "kms" | "secretsmanager" | "sts"} Service
 */

const MISSING_REGION =
  "missing region information: make sure you have set your region, for instance by " +
  "`pulumi config set aws:region us-west-2`, or AWS_REGION in the environment";

/** Loaded when first used: together they take a second. */
const SDKS = {
  ec2: { name: "EC2", load: () => import("@aws-sdk/client-ec2") },
  rds: { name: "RDS", load: () => import("@aws-sdk/client-rds") },
  kms: { name: "KMS", load: () => import("@aws-sdk/client-kms") },
  secretsmanager: { name: "SecretsManager", load: () => import("@aws-sdk/client-secrets-manager") },
  sts: { name: "STS", load: () => import("@aws-sdk/client-sts") },
};

/** A configured provider: which account, which region by default, and the API of both. */
export class Provider {
  /** @type {Map<string, Promise<any>>} by service and region */
  #clients = new Map();
  /** @type {Promise<Properties> | undefined} */
  #identity;

  /**
   * @param {Config} config
   * @param {string} region
   * @param {AbortSignal} signal
   */
  constructor(config, region, signal) {
    this.config = config;
    this.region = region;
    this.signal = signal;
  }

  /**
   * @param {Properties} args
   * @returns {Promise<import("../lib/serve.mjs").Failure[]>}
   */
  static async check(args) {
    if (args["region"] === UNKNOWN || args["profile"] === UNKNOWN) {
      return [];
    }
    const region = await regionOf(configFrom(args));
    if (region === undefined) {
      return [{ property: "region", reason: MISSING_REGION }];
    }
    return isRegion(region) ? [] : [{ property: "region", reason: `invalid AWS region: ${region}` }];
  }

  /**
   * @param {Properties} args
   * @param {AbortSignal} signal
   */
  static async configure(args, signal) {
    const config = configFrom(args);
    const region = await regionOf(config);
    if (region === undefined) {
      throw new Error(MISSING_REGION);
    }
    const provider = new Provider(config, region, signal);
    await provider.#validate();
    return provider;
  }

  async #validate() {
    const { skipCredentialsValidation, allowedAccountIds, forbiddenAccountIds } = this.config;
    if (!skipCredentialsValidation) {
      await this.identity().catch((error) => {
        throw new Error(`invalid credentials configured: ${error.message}`, { cause: error });
      });
    }
    if (allowedAccountIds.length + forbiddenAccountIds.length > 0) {
      const account = await this.accountId();
      const allowed = allowedAccountIds.length === 0 || allowedAccountIds.includes(account);
      if (!allowed || forbiddenAccountIds.includes(account)) {
        throw new Error(`AWS account ID not allowed: ${account}`);
      }
    }
  }

  /** @returns {Promise<Properties>} who the credentials belong to */
  identity() {
    this.#identity ??= this.send("sts", this.region, "GetCallerIdentity", {});
    return this.#identity;
  }

  /** @returns {Promise<string>} */
  async accountId() {
    return this.config.skipRequestingAccountId ? "" : (await this.identity())["Account"];
  }

  /**
   * @param {string} service
   * @param {string} region "" for what belongs to none
   * @param {string} resource
   * @param {string} [account] "" for what belongs to none
   */
  async arn(service, region, resource, account) {
    const owner = account ?? (await this.accountId());
    return `arn:${partitionOf(this.region)}:${service}:${region}:${owner}:${resource}`;
  }

  /**
   * Asks AWS; throttling and its own errors are retried with back-off by the SDK.
   * @param {Service} service
   * @param {string} region
   * @param {string} operation
   * @param {Properties} input
   * @returns {Promise<any>}
   */
  async send(service, region, operation, input) {
    const sdk = /** @type {any} */ (await SDKS[service].load());
    const client = await this.#client(service, region);
    try {
      const command = new sdk[`${operation}Command`](defined(input));
      return await client.send(command, { abortSignal: this.signal });
    } catch (error) {
      throw fromSdk(SDKS[service].name, operation, error);
    }
  }

  /**
   * @param {Service} service
   * @param {string} region
   */
  #client(service, region) {
    const key = `${service} ${region}`;
    const client = this.#clients.get(key) ?? this.#connect(service, region);
    this.#clients.set(key, client);
    return client;
  }

  /**
   * @param {Service} service
   * @param {string} region
   */
  async #connect(service, region) {
    const { name, load } = SDKS[service];
    const sdk = /** @type {any} */ (await load());
    const { endpoints, credentials, profile, maxRetries } = this.config;
    const endpoint = endpoints[service];
    return new sdk[`${name}Client`]({
      region,
      maxAttempts: maxRetries + 1,
      ...(endpoint ? { endpoint } : {}),
      ...(credentials ? { credentials } : {}),
      ...(profile ? { profile } : {}),
    });
  }
}

/**
 * @param {Config} config
 * @returns {Promise<string | undefined>} from the provider, the environment or the profile
 */
async function regionOf({ region, profile }) {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const known = region ?? (AWS_REGION || AWS_DEFAULT_REGION);
  if (known) {
    return known;
  }
  const { STSClient } = await import("@aws-sdk/client-sts");
  return new STSClient(profile ? { profile } : {}).config.region().catch(() => undefined);
}

/** @param {Properties} input */
const defined = (input) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));
