// @ts-check
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {import("../lib/values.mjs").Properties} Properties
 * @typedef {import("./provider.mjs").Provider} Provider
 * @typedef {import("./tags.mjs").Tags} Tags
 *
 * How a type of resource is made, read, changed and taken away. Which properties it has, and which of them are
 * required, comes from the SDK.
 * @typedef {object} Definition
 * @property {string} title what its errors call it
 * @property {readonly string[]} [replaces] inputs that cannot be changed in place
 * @property {readonly string[]} [computed] inputs that AWS chooses where the program gives none
 * @property {Record<string, any>} [defaults]
 * @property {readonly string[]} [unwatched] inputs that are used, and neither kept nor compared
 * @property {Record<string, (value: any) => any>} [compared] what of a value the program has a say in
 * @property {readonly string[]} [secrets] beside those of the SDK
 * @property {import("./naming.mjs").Naming} [naming]
 * @property {"ec2" | "rds" | "kms" | "secretsmanager"} [tagging] whose API tags it
 * @property {(inputs: Properties, region: string) => (string | undefined)[]} [validate] what is wrong with known inputs
 * @property {(call: Call, inputs: Properties) => Promise<string>} create gives the id
 * @property {(call: Call, id: string, inputs: Properties) => Promise<void>} [settle] the rest of the creation,
 *   which is done again if it failed
 * @property {(call: Call, id: string, known: Properties) => Promise<Properties | undefined>} read what AWS tells;
 *   an `undefined` among it is no longer there, what is left out stays as it was
 * @property {(call: Call, id: string, change: Update) => Promise<void>} [update]
 * @property {(call: Call, id: string, state: Properties) => Promise<void>} [delete]
 *
 * @typedef {object} Update
 * @property {Properties} olds
 * @property {Properties} news
 * @property {(...names: string[]) => boolean} changes whether any of these inputs does
 */

/** An operation on one resource, in its region. */
export class Call {
  /**
   * @param {Provider} provider
   * @param {string} region
   * @param {Tags} tags all that the resource shall have
   * @param {{ urn: string, engine: ReturnType<import("../lib/engine.mjs").engineAt>, signal: AbortSignal }} context
   */
  constructor(provider, region, tags, { urn, engine, signal }) {
    this.provider = provider;
    this.region = region;
    this.tags = tags;
    this.urn = urn;
    this.engine = engine;
    this.signal = signal;
  }

  /**
   * @param {string} operation
   * @param {Properties} [input]
   */
  ec2(operation, input = {}) {
    return this.provider.send("ec2", this.region, operation, input);
  }

  /**
   * @param {string} operation
   * @param {Properties} [input]
   */
  rds(operation, input = {}) {
    return this.provider.send("rds", this.region, operation, input);
  }

  /**
   * @param {string} operation
   * @param {Properties} [input]
   */
  kms(operation, input = {}) {
    return this.provider.send("kms", this.region, operation, input);
  }

  /**
   * @param {string} operation
   * @param {Properties} [input]
   */
  secretsmanager(operation, input = {}) {
    return this.provider.send("secretsmanager", this.region, operation, input);
  }

  /**
   * @param {string} service
   * @param {string} resource
   */
  arn(service, resource) {
    return this.provider.arn(service, this.region, resource);
  }

  /** @param {string} region */
  in(region) {
    return new Call(this.provider, region, this.tags, this);
  }

  /**
   * Asks again and again until `found` says that it is so.
   * @param {string} what
   * @param {() => Promise<boolean>} found
   * @param {number} [seconds]
   */
  async until(what, found, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    for (let pause = 50; !(await found()); pause = Math.min(pause * 2, 1000)) {
      if (Date.now() > end) {
        throw new Error(`timeout while waiting for ${what}`);
      }
      await sleep(pause, undefined, { signal: this.signal });
    }
  }
}
