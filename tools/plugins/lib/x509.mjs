// @ts-check
import { X509Certificate, createHash, createPublicKey, randomBytes, sign } from "node:crypto";
import { CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  Attribute,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  KeyIdentifier,
  KeyUsage,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
} from "@peculiar/asn1-x509";
import { EXTENDED_KEY_USAGES, KEY_USAGES } from "./usages.mjs";

/**
 * @typedef {import("node:crypto").KeyObject} KeyObject
 * @typedef {import("@peculiar/asn1-x509").Name} Name
 * @typedef {import("@peculiar/asn1-x509").GeneralName} GeneralName
 *
 * @typedef {object} Subject whom a certificate is for
 * @property {Name} name
 * @property {GeneralName[]} alternatives
 * @property {KeyObject} publicKey
 *
 * @typedef {object} Issuer who signs it
 * @property {Name} name
 * @property {KeyObject} privateKey
 * @property {Buffer} [keyId]
 *
 * @typedef {object} Terms
 * @property {string[]} allowedUses
 * @property {number} validityPeriodHours
 * @property {boolean} isCaCertificate
 * @property {number} maxPathLength without one, or with one below 1, there is no limit
 * @property {boolean} setSubjectKeyId
 */

const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
const HOUR = 3_600_000;

/**
 * @param {Subject} subject
 * @param {Issuer} issuer
 * @param {Terms} terms
 */
export function issueCertificate(subject, issuer, terms) {
  if (terms.isCaCertificate && subject.name.length === 0) {
    throw new Error("the subject of a certificate authority must have at least one field");
  }
  const start = new Date();
  const end = new Date(start.getTime() + terms.validityPeriodHours * HOUR);
  const serial = randomBytes(16);
  const signature = signatureOf(issuer.privateKey);
  const certificate = new Certificate({
    tbsCertificate: new TBSCertificate({
      version: Version.v3,
      serialNumber: positiveInteger(serial),
      signature: signature.algorithm,
      issuer: issuer.name,
      validity: new Validity({ notBefore: start, notAfter: end }),
      subject: subject.name,
      subjectPublicKeyInfo: keyInfo(subject.publicKey),
      extensions: new Extensions(extensionsOf(subject, issuer, terms)),
    }),
    signatureAlgorithm: signature.algorithm,
  });
  certificate.signatureValue = signature.of(AsnConvert.serialize(certificate.tbsCertificate));
  return {
    id: BigInt(`0x${serial.toString("hex")}`).toString(),
    certPem: pem("CERTIFICATE", AsnConvert.serialize(certificate)),
    validityStartTime: start.toISOString(),
    validityEndTime: end.toISOString(),
  };
}

/**
 * @param {Name} name
 * @param {GeneralName[]} alternatives
 * @param {KeyObject} privateKey
 */
export function requestCertificate(name, alternatives, privateKey) {
  const signature = signatureOf(privateKey);
  const extensions = alternativeNamesExtension(name, alternatives);
  const request = new CertificationRequest({
    certificationRequestInfo: new CertificationRequestInfo({
      subject: name,
      subjectPKInfo: keyInfo(createPublicKey(privateKey)),
    }),
    signatureAlgorithm: signature.algorithm,
  });
  if (extensions.length > 0) {
    const values = [AsnConvert.serialize(new Extensions(extensions))];
    request.certificationRequestInfo.attributes.push(new Attribute({ type: EXTENSION_REQUEST, values }));
  }
  request.signature = signature.of(AsnConvert.serialize(request.certificationRequestInfo));
  const der = AsnConvert.serialize(request);
  return {
    id: createHash("sha1").update(Buffer.from(der)).digest("hex"),
    certRequestPem: pem("CERTIFICATE REQUEST", der),
  };
}

/**
 * @param {string} text a certificate request in PEM
 * @returns {Subject}
 */
export function parseRequest(text) {
  const { certificationRequestInfo: info } = parse(
    text,
    "CERTIFICATE REQUEST",
    "certRequestPem",
    CertificationRequest,
  );
  const requested = (info.attributes ?? [])
    .filter(({ type }) => type === EXTENSION_REQUEST)
    .flatMap(({ values }) => [...AsnConvert.parse(values[0], Extensions)]);
  const names = requested
    .filter(({ extnID }) => extnID === id_ce_subjectAltName)
    .flatMap(({ extnValue }) => [...AsnConvert.parse(extnValue.buffer, SubjectAlternativeName)]);
  return {
    name: info.subject,
    alternatives: names.filter(
      (name) => name.dNSName ?? name.iPAddress ?? name.uniformResourceIdentifier !== undefined,
    ),
    publicKey: createPublicKey({
      key: Buffer.from(AsnConvert.serialize(info.subjectPKInfo)),
      format: "der",
      type: "spki",
    }),
  };
}

/**
 * @param {string} text the authority's certificate in PEM
 * @param {KeyObject} privateKey
 * @returns {Issuer}
 */
export function parseIssuer(text, privateKey) {
  const { tbsCertificate } = parse(text, "CERTIFICATE", "caCertPem", Certificate);
  if (!new X509Certificate(text).checkPrivateKey(privateKey)) {
    throw new Error("caPrivateKeyPem is not the private key of caCertPem");
  }
  const found = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier);
  return {
    name: tbsCertificate.subject,
    privateKey,
    keyId: found && Buffer.from(AsnConvert.parse(found.extnValue.buffer, SubjectKeyIdentifier).buffer),
  };
}

/**
 * @param {KeyObject} publicKey
 * @returns {Buffer} the SHA-1 of what the real provider hashes for each kind of key
 */
export function keyIdOf(publicKey) {
  const bits = Buffer.from(keyInfo(publicKey).subjectPublicKey);
  const hashed =
    publicKey.asymmetricKeyType === "ed25519"
      ? Buffer.from(AsnConvert.serialize(new OctetString(bits)))
      : bits;
  return createHash("sha1").update(hashed).digest();
}

/**
 * @param {Subject} subject
 * @param {Issuer} issuer
 * @param {Terms} terms
 * @returns {Extension[]}
 */
function extensionsOf(subject, issuer, terms) {
  const usage = terms.allowedUses.reduce((flags, use) => flags | (KEY_USAGES[use] ?? 0), 0);
  const extended = terms.allowedUses.flatMap((use) => EXTENDED_KEY_USAGES[use] ?? []);
  const constraints = new BasicConstraints({ cA: terms.isCaCertificate });
  if (terms.isCaCertificate && terms.maxPathLength > 0) {
    constraints.pathLenConstraint = terms.maxPathLength;
  }
  const keyId = terms.isCaCertificate || terms.setSubjectKeyId ? [keyIdOf(subject.publicKey)] : [];
  const authority = issuer.keyId === undefined ? [] : [issuer.keyId];
  return [
    ...(usage === 0 ? [] : [extension(id_ce_keyUsage, new KeyUsage(usage), true)]),
    ...(extended.length === 0 ? [] : [extension(id_ce_extKeyUsage, new ExtendedKeyUsage(extended))]),
    extension(id_ce_basicConstraints, constraints, true),
    ...keyId.map((id) => extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(id))),
    ...authority.map((id) =>
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(id) }),
      ),
    ),
    ...alternativeNamesExtension(subject.name, subject.alternatives),
  ];
}

/**
 * @param {Name} name
 * @param {GeneralName[]} alternatives
 */
function alternativeNamesExtension(name, alternatives) {
  // Without a subject these names are all that identifies the holder, hence critical (RFC 5280, 4.2.1.6).
  return alternatives.length === 0
    ? []
    : [extension(id_ce_subjectAltName, new SubjectAlternativeName(alternatives), name.length === 0)];
}

/**
 * @param {string} extnID
 * @param {any} value
 * @param {boolean} [critical]
 */
function extension(extnID, value, critical = false) {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

const DIGESTS = /** @type {Record<string, { digest: string, oid: string }>} */ ({
  secp224r1: { digest: "sha256", oid: "1.2.840.10045.4.3.2" },
  prime256v1: { digest: "sha256", oid: "1.2.840.10045.4.3.2" },
  secp384r1: { digest: "sha384", oid: "1.2.840.10045.4.3.3" },
  secp521r1: { digest: "sha512", oid: "1.2.840.10045.4.3.4" },
});
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
const ED25519 = "1.3.101.112";
const ASN1_NULL = Uint8Array.of(5, 0).buffer;

/**
 * @param {KeyObject} privateKey
 * @returns {{ algorithm: AlgorithmIdentifier, of: (data: ArrayBuffer) => ArrayBuffer }}
 */
function signatureOf(privateKey) {
  /** @param {string | null} digest */
  const signer = (digest) => (/** @type {ArrayBuffer} */ data) =>
    new Uint8Array(sign(digest, Buffer.from(data), privateKey)).buffer;
  switch (privateKey.asymmetricKeyType) {
    case "rsa":
      return {
        algorithm: new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: ASN1_NULL }),
        of: signer("sha256"),
      };
    case "ec": {
      const { digest, oid } = DIGESTS[privateKey.asymmetricKeyDetails?.namedCurve ?? ""];
      return { algorithm: new AlgorithmIdentifier({ algorithm: oid }), of: signer(digest) };
    }
    default:
      return { algorithm: new AlgorithmIdentifier({ algorithm: ED25519 }), of: signer(null) };
  }
}

/** @param {KeyObject} publicKey */
function keyInfo(publicKey) {
  return AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo);
}

/** @param {Buffer} digits */
function positiveInteger(digits) {
  return new Uint8Array(Buffer.from(minimalHex(digits), "hex")).buffer;
}

/** @param {Buffer} digits */
function minimalHex(digits) {
  const hex = BigInt(`0x${digits.toString("hex")}`).toString(16);
  const whole = hex.length % 2 === 0 ? hex : `0${hex}`;
  return parseInt(whole.slice(0, 2), 16) >= 0x80 ? `00${whole}` : whole;
}

/**
 * @param {string} label
 * @param {ArrayBuffer} der
 */
function pem(label, der) {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/**
 * @template T
 * @param {string} text
 * @param {string} label
 * @param {string} property the name of the input, for the error
 * @param {new () => T} type
 * @returns {T}
 */
function parse(text, label, property, type) {
  const found = text.match(new RegExp(`-----BEGIN ${label}-----([^-]+)-----END ${label}-----`));
  if (found === null) {
    throw new Error(`failed to parse ${property}: no PEM block of the type "${label}"`);
  }
  try {
    return AsnConvert.parse(Buffer.from(found[1], "base64"), type);
  } catch (error) {
    throw new Error(`failed to parse ${property}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
