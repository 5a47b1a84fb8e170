// @ts-check
import {
  AttributeTypeAndValue,
  AttributeValue,
  GeneralName,
  Name,
  RelativeDistinguishedName,
} from "@peculiar/asn1-x509";

/**
 * @typedef {import("./values.mjs").Properties} Properties
 */

/** In the order in which the real provider writes them. */
const SUBJECT_FIELDS = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
];
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

/**
 * @param {Properties | undefined} subject
 * @returns {Name}
 */
export function distinguishedName(subject = {}) {
  const fields = SUBJECT_FIELDS.flatMap(([field, type]) => {
    const values = [subject[field] ?? []].flat().filter((value) => value !== "");
    return values.length === 0
      ? []
      : [new RelativeDistinguishedName(values.map((value) => attribute(type, value)))];
  });
  if (subject.emailAddress) {
    const value = new AttributeValue({ ia5String: subject.emailAddress });
    fields.push(new RelativeDistinguishedName([new AttributeTypeAndValue({ type: EMAIL_ADDRESS, value })]));
  }
  return new Name(fields);
}

/**
 * @param {string} type
 * @param {string} text
 */
function attribute(type, text) {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  const value = new AttributeValue(printable ? { printableString: text } : { utf8String: text });
  return new AttributeTypeAndValue({ type, value });
}

/**
 * @param {{ dnsNames?: string[], ipAddresses?: string[], uris?: string[] }} names
 * @returns {GeneralName[]}
 */
export function alternativeNames({ dnsNames = [], ipAddresses = [], uris = [] }) {
  return [
    ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
    ...uris.map((uniformResourceIdentifier) => new GeneralName({ uniformResourceIdentifier })),
  ];
}
