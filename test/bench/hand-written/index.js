// What LocalPostgres declares, written out: the same keys, certificates, passwords and servers, and no component.
const pulumi = require("@pulumi/pulumi");
const { RandomPassword } = require("@pulumi/random/randomPassword");
const { CertRequest } = require("@pulumi/tls/certRequest");
const { LocallySignedCert } = require("@pulumi/tls/locallySignedCert");
const { PrivateKey } = require("@pulumi/tls/privateKey");
const { SelfSignedCert } = require("@pulumi/tls/selfSignedCert");

// Two runs must not share a folder or a port.
const folder = process.env.BENCH_FOLDER;
const [romePort, lisbonPort, dublinPort] = process.env.BENCH_PORTS.split(",").map(Number);

const serverProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/local/provider").server.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").server.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").server.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").server.update(id, olds, news),
  read: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").server.read(id, outputs),
  delete: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").server.delete(id, outputs),
};
const replicationProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").replication.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").replication.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").replication.update(id, olds, news),
  read: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").replication.read(id, outputs),
};
const handoverProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").handover.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").handover.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").handover.update(id, olds, news),
};

const postgresPassword = new RandomPassword("password-postgres", {
  length: 32,
  special: false,
  keepers: { rotation: "" },
});
const replicationPassword = new RandomPassword("password-streaming_replica", {
  length: 32,
  special: false,
  keepers: { rotation: "" },
});
const appPassword = new RandomPassword("password-app", {
  length: 32,
  special: false,
  keepers: { rotation: "" },
});

const caKey = new PrivateKey("ca-key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const ca = new SelfSignedCert("ca", {
  privateKeyPem: caKey.privateKeyPem,
  subject: { commonName: "PostgreSQL CA of db-secrets" },
  isCaCertificate: true,
  setSubjectKeyId: true,
  allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
  validityPeriodHours: 87600,
  earlyRenewalHours: 720,
});

const romeKey = new PrivateKey(
  "server-rome-key",
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { replacementTrigger: "" },
);
const romeRequest = new CertRequest("server-rome-request", {
  privateKeyPem: romeKey.privateKeyPem,
  subject: { commonName: "rome" },
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1", "::1"],
});
const romeCertificate = new LocallySignedCert("server-rome-certificate", {
  certRequestPem: romeRequest.certRequestPem,
  caCertPem: ca.certPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  setSubjectKeyId: true,
  allowedUses: ["digital_signature", "server_auth"],
  validityPeriodHours: 8760,
  earlyRenewalHours: 720,
});

const lisbonKey = new PrivateKey(
  "server-lisbon-key",
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { replacementTrigger: "" },
);
const lisbonRequest = new CertRequest("server-lisbon-request", {
  privateKeyPem: lisbonKey.privateKeyPem,
  subject: { commonName: "lisbon" },
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1", "::1"],
});
const lisbonCertificate = new LocallySignedCert("server-lisbon-certificate", {
  certRequestPem: lisbonRequest.certRequestPem,
  caCertPem: ca.certPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  setSubjectKeyId: true,
  allowedUses: ["digital_signature", "server_auth"],
  validityPeriodHours: 8760,
  earlyRenewalHours: 720,
});

const dublinKey = new PrivateKey(
  "server-dublin-key",
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { replacementTrigger: "" },
);
const dublinRequest = new CertRequest("server-dublin-request", {
  privateKeyPem: dublinKey.privateKeyPem,
  subject: { commonName: "dublin" },
  dnsNames: ["localhost"],
  ipAddresses: ["127.0.0.1", "::1"],
});
const dublinCertificate = new LocallySignedCert("server-dublin-certificate", {
  certRequestPem: dublinRequest.certRequestPem,
  caCertPem: ca.certPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  setSubjectKeyId: true,
  allowedUses: ["digital_signature", "server_auth"],
  validityPeriodHours: 8760,
  earlyRenewalHours: 720,
});

const replicationKey = new PrivateKey(
  "replication-key",
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { replacementTrigger: "" },
);
const replicationRequest = new CertRequest("replication-request", {
  privateKeyPem: replicationKey.privateKeyPem,
  subject: { commonName: "streaming_replica" },
});
const replicationCertificate = new LocallySignedCert("replication-certificate", {
  certRequestPem: replicationRequest.certRequestPem,
  caCertPem: ca.certPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  setSubjectKeyId: true,
  allowedUses: ["digital_signature", "client_auth"],
  validityPeriodHours: 8760,
  earlyRenewalHours: 720,
});

const passwords = pulumi.secret({
  postgres: postgresPassword.result,
  streaming_replica: replicationPassword.result,
  app: appPassword.result,
});
const topology = `${pulumi.getProject()}/${pulumi.getStack()}/db`;
const founding = new pulumi.Stash("founding", { input: "rome" });

const lisbon = new pulumi.dynamic.Resource(
  serverProvider,
  "lisbon",
  {
    region: "lisbon",
    role: "reader",
    activity: "active",
    folder: `${folder}/lisbon`,
    host: "localhost",
    port: lisbonPort,
    peers: { dublin: true, rome: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    certificate: lisbonCertificate.certPem,
    privateKey: lisbonKey.privateKeyPem,
    replicationCertificate: replicationCertificate.certPem,
    replicationKey: replicationKey.privateKeyPem,
    topology,
    founding: founding.output,
    declared: { dublin: true, lisbon: true, rome: true },
    keepData: false,
    database: "app",
    owner: "app",
    roles: {},
    passwords,
    status: undefined,
    version: undefined,
  },
  { dependsOn: [] },
  "hand-written",
  "Server",
);

const dublin = new pulumi.dynamic.Resource(
  serverProvider,
  "dublin",
  {
    region: "dublin",
    role: "reader",
    activity: "active",
    folder: `${folder}/dublin`,
    host: "localhost",
    port: dublinPort,
    peers: { lisbon: true, rome: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    certificate: dublinCertificate.certPem,
    privateKey: dublinKey.privateKeyPem,
    replicationCertificate: replicationCertificate.certPem,
    replicationKey: replicationKey.privateKeyPem,
    topology,
    founding: founding.output,
    declared: { dublin: true, lisbon: true, rome: true },
    keepData: false,
    database: "app",
    owner: "app",
    roles: {},
    passwords,
    status: undefined,
    version: undefined,
  },
  { dependsOn: [] },
  "hand-written",
  "Server",
);

const handover = new pulumi.dynamic.Resource(
  handoverProvider,
  "handover",
  {
    topology,
    primary: "rome",
    lost: [],
    durability: "local",
    regions: {
      dublin: { folder: `${folder}/dublin`, host: "localhost", port: dublinPort, hibernated: false },
      lisbon: { folder: `${folder}/lisbon`, host: "localhost", port: lisbonPort, hibernated: false },
      rome: { folder: `${folder}/rome`, host: "localhost", port: romePort, hibernated: false },
    },
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    report: undefined,
    dangers: undefined,
  },
  { dependsOn: [lisbon, dublin] },
  "hand-written",
  "Handover",
);

const rome = new pulumi.dynamic.Resource(
  serverProvider,
  "rome",
  {
    region: "rome",
    role: "writer",
    activity: "active",
    folder: `${folder}/rome`,
    host: "localhost",
    port: romePort,
    peers: { dublin: true, lisbon: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    certificate: romeCertificate.certPem,
    privateKey: romeKey.privateKeyPem,
    replicationCertificate: replicationCertificate.certPem,
    replicationKey: replicationKey.privateKeyPem,
    topology,
    founding: founding.output,
    declared: { dublin: true, lisbon: true, rome: true },
    keepData: false,
    database: "app",
    owner: "app",
    roles: {},
    passwords,
    status: undefined,
    version: undefined,
  },
  { dependsOn: [handover] },
  "hand-written",
  "Server",
);

const romeReplication = new pulumi.dynamic.Resource(
  replicationProvider,
  "rome-replication",
  {
    region: "rome",
    role: "writer",
    activity: "active",
    folder: `${folder}/rome`,
    host: "localhost",
    port: romePort,
    peers: { dublin: true, lisbon: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    followers: { dublin: true, lisbon: true },
    state: undefined,
  },
  { dependsOn: [rome] },
  "hand-written",
  "Replication",
);

const lisbonReplication = new pulumi.dynamic.Resource(
  replicationProvider,
  "lisbon-replication",
  {
    region: "lisbon",
    role: "reader",
    activity: "active",
    folder: `${folder}/lisbon`,
    host: "localhost",
    port: lisbonPort,
    peers: { dublin: true, rome: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    followers: {},
    state: undefined,
  },
  { dependsOn: [rome] },
  "hand-written",
  "Replication",
);

const dublinReplication = new pulumi.dynamic.Resource(
  replicationProvider,
  "dublin-replication",
  {
    region: "dublin",
    role: "reader",
    activity: "active",
    folder: `${folder}/dublin`,
    host: "localhost",
    port: dublinPort,
    peers: { lisbon: true, rome: true },
    durability: "local",
    primary: { region: "rome", folder: `${folder}/rome`, host: "localhost", port: romePort },
    parameters: {},
    caCertificate: ca.certPem,
    superuserPassword: postgresPassword.result,
    binDir: "",
    followers: {},
    state: undefined,
  },
  { dependsOn: [rome] },
  "hand-written",
  "Replication",
);

const ready = pulumi.all([rome.urn, romeReplication.urn, lisbonReplication.urn, dublinReplication.urn]);
const hosts = `localhost:${romePort},localhost:${dublinPort},localhost:${lisbonPort}`;
const settings =
  `sslmode=verify-full&sslrootcert=${encodeURIComponent(`${folder}/ca.crt`)}&target_session_attrs=read-write` +
  "&connect_timeout=3&tcp_user_timeout=5000&keepalives=1&keepalives_idle=5&keepalives_interval=2&keepalives_count=2";
exports.connectionUri = pulumi.secret(
  pulumi
    .all([ready, appPassword.result])
    .apply(([, password]) => `postgresql://app:${password}@${hosts}/app?${settings}`),
);
exports.caCertificate = ca.certPem;
exports.handover = handover.report;
