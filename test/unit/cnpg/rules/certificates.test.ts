import { output } from "@pulumi/pulumi";
import { generateKeyPairSync } from "node:crypto";
import { brought } from "../../secrets/brought";
import { refusesEach, wrong, type Fault } from "./faults";

const own = {
  ca: "company-ca",
  server: "postgres.tls",
  replication: "follower",
  pooler: "bouncer",
  caCertificate: brought.ca.certificate,
};
const secretName = "must be the name of a secret: lower-case letters, digits, hyphens and dots";
const dnsName = 'must be a DNS name where certificates is "operator"';
const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const faults: Fault[] = [
  wrong("certificates", "self", 'must be "shared", "operator" or an object of secrets\' names, not "self"'),
  wrong("certificates", 5, "must be an object of properties, not 5"),
  [
    "secrets of the user's own that are not named",
    (args) => (args.certificates = { ca: "Company", srver: "x", caCertificate: "x" }),
    'certificates.srver: unknown property, did you mean "server"?',
    `certificates.server: is missing: ${secretName}`,
    `certificates.replication: is missing: ${secretName}`,
    `certificates.ca: ${secretName}, not "Company"`,
    `certificates.pooler: is missing: ${secretName}, for defaults.poolers.readWrite`,
    "certificates.caCertificate: must be a certificate in PEM",
  ],
  [
    "a certificate of no authority",
    (args) => (args.certificates = { ...own, caCertificate: brought.rome.certificate }),
    "certificates.caCertificate: must be the certificate of a certificate authority",
  ],
  [
    "what is made of secrets, and certificates of the user's own",
    (args) =>
      Object.assign(args, { certificates: own, secrets: { ca: brought.ca, certificateRotation: "1" } }),
    "secrets.ca: must not be given where certificates names secrets, which hold them",
    "secrets.certificateRotation: must not be given where certificates names secrets, which hold them",
  ],
  [
    "what the operator does by itself, and hosts that it cannot name",
    (args) => Object.assign(args, { certificates: "operator", secrets: { certificateRotation: "1" } }),
    'secrets.certificateRotation: must not be given where certificates is "operator", which issues them',
    `regions.lisbon.host: ${dnsName}, not "203.0.113.7"`,
    `regions.oslo.host: ${dnsName}, not "2001:db8::1"`,
  ],
  [
    "a key of RSA for the operator",
    (args) => {
      args.regions.lisbon.host = "lisbon.example.com";
      args.regions.oslo.host = "oslo.example.com";
      args.certificates = "operator";
      const privateKey = rsaKey.export({ type: "pkcs8", format: "pem" });
      args.secrets = { ca: { certificate: output(brought.ca.certificate), privateKey } };
    },
    'secrets.ca.privateKey: must be a key of ECDSA where certificates is "operator", not rsa',
  ],
];

describe("CnpgPostgres, of certificates,", () => {
  refusesEach(faults);
});
