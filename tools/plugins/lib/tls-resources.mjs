// @ts-check
import { createPublicKey } from "node:crypto";
import { isIP } from "node:net";
import { ALGORITHMS, CURVES, algorithmOf, generateKey, keyOutputs, parsePrivateKey } from "./keys.mjs";
import { alternativeNames, distinguishedName } from "./names.mjs";
import { fromTable } from "./table.mjs";
import { EXTENDED_KEY_USAGES, KEY_USAGES } from "./usages.mjs";
import { issueCertificate, keyIdOf, parseIssuer, parseRequest, requestCertificate } from "./x509.mjs";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 * @typedef {import("./serve.mjs").Failure} Failure
 * @typedef {import("./table.mjs").Input} Input
 */

const HOUR = 3_600_000;

/** @type {Input} */
const TEXT = { type: "string" };
/** @type {Input} */
const TEXTS = { type: "strings" };
/** @type {Input} */
const DISABLED = { type: "boolean", default: false };

/** @type {Input} */
const SUBJECT = {
  type: {
    commonName: TEXT,
    country: TEXT,
    emailAddress: TEXT,
    locality: TEXT,
    organization: TEXT,
    organizationalUnit: TEXT,
    postalCode: TEXT,
    province: TEXT,
    serialNumber: TEXT,
    streetAddresses: TEXTS,
  },
};

/** @type {Record<string, Input>} */
const IDENTITY_INPUTS = {
  subject: SUBJECT,
  dnsNames: TEXTS,
  ipAddresses: TEXTS,
  uris: TEXTS,
};

/** @type {Record<string, Input>} */
const TERMS_INPUTS = {
  allowedUses: {
    type: "strings",
    required: true,
    oneOf: [...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_KEY_USAGES)].sort(),
  },
  validityPeriodHours: { type: "integer", required: true, min: 0 },
  earlyRenewalHours: { type: "integer", default: 0, min: 0, updates: true },
  isCaCertificate: DISABLED,
  maxPathLength: { type: "integer", min: -1 },
  setSubjectKeyId: DISABLED,
};

const CERTIFICATE_OUTPUTS = {
  certPem: {},
  readyForRenewal: {},
  validityStartTime: {},
  validityEndTime: {},
};

/**
 * @param {string} name
 * @returns {Record<string, Input>} a private key given either as it is or write-only
 */
function privateKeyInputs(name) {
  return {
    [name]: { type: "string", secret: true },
    [`${name}Wo`]: { type: "string", secret: true, writeOnly: true },
    [`${name}WoVersion`]: { type: "integer" },
  };
}

/**
 * @param {string} name
 * @returns {(inputs: Properties) => Failure[]}
 */
function validatePrivateKey(name) {
  const [writeOnly, version] = [`${name}Wo`, `${name}WoVersion`];
  return (inputs) => {
    if ((inputs[name] === undefined) === (inputs[writeOnly] === undefined)) {
      return [{ property: name, reason: `exactly one of ${name} and ${writeOnly} must be set` }];
    }
    if (inputs[writeOnly] !== undefined && inputs[version] === undefined) {
      return [{ property: version, reason: `${writeOnly} requires ${version}` }];
    }
    return [];
  };
}

/**
 * @param {Properties} inputs
 * @param {string} name
 */
function givenPrivateKey(inputs, name) {
  return parsePrivateKey(inputs[name] ?? inputs[`${name}Wo`], name);
}

/**
 * @param {Properties} inputs
 * @returns {Failure[]}
 */
function validateAddresses({ ipAddresses = [] }) {
  const wrong = ipAddresses.find((/** @type {string} */ address) => isIP(address) === 0);
  return wrong === undefined ? [] : [{ property: "ipAddresses", reason: `"${wrong}" is not an IP address` }];
}

/** @param {Properties} state with the hours planned and the end in force */
function isReadyForRenewal({ validityEndTime, earlyRenewalHours }) {
  return Date.parse(validityEndTime) - (earlyRenewalHours ?? 0) * HOUR <= Date.now();
}

/**
 * @param {Parameters<typeof issueCertificate>[0]} subject
 * @param {Parameters<typeof issueCertificate>[1]} issuer
 * @param {Properties} inputs
 */
function issued(subject, issuer, inputs) {
  const certificate = issueCertificate(subject, issuer, /** @type {any} */ (inputs));
  // One whose early renewal begins before its creation is due at once.
  return { ...certificate, readyForRenewal: isReadyForRenewal({ ...inputs, ...certificate }) };
}

const renewal = {
  /** @param {Properties} inputs */
  plan: (inputs) => ({ ...inputs, readyForRenewal: false }),
  /** @param {Properties} state */
  refresh: (state) => (isReadyForRenewal(state) ? { readyForRenewal: true } : {}),
  /**
   * @param {Properties} planned
   * @param {Properties} state
   */
  expired: ({ earlyRenewalHours }, { validityEndTime }) =>
    isReadyForRenewal({ validityEndTime, earlyRenewalHours }) ? ["readyForRenewal"] : [],
};

const privateKey = fromTable({
  inputs: {
    algorithm: { type: "string", required: true, oneOf: ALGORITHMS },
    rsaBits: { type: "integer", default: 2048 },
    ecdsaCurve: { type: "string", default: "P224", oneOf: Object.keys(CURVES) },
  },
  outputs: {
    privateKeyOpenssh: { secret: true },
    privateKeyPem: { secret: true },
    privateKeyPemPkcs8: { secret: true },
    publicKeyFingerprintMd5: {},
    publicKeyFingerprintSha256: {},
    publicKeyOpenssh: {},
    publicKeyPem: {},
  },
  schemaVersion: 1,
  create: (inputs) => keyOutputs(generateKey(/** @type {any} */ (inputs))),
});

const certRequest = fromTable({
  inputs: { ...IDENTITY_INPUTS, ...privateKeyInputs("privateKeyPem") },
  outputs: { certRequestPem: {}, keyAlgorithm: {} },
  validate: (inputs) => [...validatePrivateKey("privateKeyPem")(inputs), ...validateAddresses(inputs)],
  create(inputs) {
    const key = givenPrivateKey(inputs, "privateKeyPem");
    return {
      ...requestCertificate(distinguishedName(inputs.subject), alternativeNames(inputs), key),
      keyAlgorithm: algorithmOf(key),
    };
  },
});

const selfSignedCert = fromTable({
  inputs: {
    ...IDENTITY_INPUTS,
    ...TERMS_INPUTS,
    ...privateKeyInputs("privateKeyPem"),
    setAuthorityKeyId: DISABLED,
  },
  outputs: { ...CERTIFICATE_OUTPUTS, keyAlgorithm: {} },
  validate: (inputs) => [...validatePrivateKey("privateKeyPem")(inputs), ...validateAddresses(inputs)],
  ...renewal,
  create(inputs) {
    const key = givenPrivateKey(inputs, "privateKeyPem");
    const publicKey = createPublicKey(key);
    const name = distinguishedName(inputs.subject);
    if (inputs.setAuthorityKeyId && !inputs.setSubjectKeyId && !inputs.isCaCertificate) {
      throw new Error("could not determine the authority key identifier: set setSubjectKeyId too");
    }
    const subject = { name, alternatives: alternativeNames(inputs), publicKey };
    const issuer = {
      name,
      privateKey: key,
      keyId: inputs.setAuthorityKeyId ? keyIdOf(publicKey) : undefined,
    };
    return {
      ...issued(subject, issuer, inputs),
      keyAlgorithm: algorithmOf(key),
    };
  },
});

const locallySignedCert = fromTable({
  inputs: {
    certRequestPem: { type: "string", required: true },
    caCertPem: { type: "string", required: true },
    ...privateKeyInputs("caPrivateKeyPem"),
    ...TERMS_INPUTS,
  },
  outputs: { ...CERTIFICATE_OUTPUTS, caKeyAlgorithm: {} },
  validate: validatePrivateKey("caPrivateKeyPem"),
  ...renewal,
  create(inputs) {
    const key = givenPrivateKey(inputs, "caPrivateKeyPem");
    const subject = parseRequest(inputs.certRequestPem);
    const issuer = parseIssuer(inputs.caCertPem, key);
    return {
      ...issued(subject, issuer, inputs),
      caKeyAlgorithm: algorithmOf(key),
    };
  },
});

/** Every resource type of the stand-in, by type token. */
export const tlsResources = {
  "tls:index/certRequest:CertRequest": certRequest,
  "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
  "tls:index/privateKey:PrivateKey": privateKey,
  "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
};
