import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { openssl } from "../support/openssl";
import { Plugin, type Properties, UNKNOWN, isSecret, reveal } from "./plugin";

const RSA: [string, Properties] = ["RSA", { algorithm: "RSA" }];
const ECDSA_P256: [string, Properties] = ["ECDSA P256", { algorithm: "ECDSA", ecdsaCurve: "P256" }];
const ED25519: [string, Properties] = ["ED25519", { algorithm: "ED25519" }];
const KEYS: [string, Properties][] = [
  RSA,
  ["ECDSA P224", { algorithm: "ECDSA" }],
  ECDSA_P256,
  ["ECDSA P384", { algorithm: "ECDSA", ecdsaCurve: "P384" }],
  ["ECDSA P521", { algorithm: "ECDSA", ecdsaCurve: "P521" }],
  ED25519,
];
const AUTHORITY = {
  subject: { commonName: "authority", organization: "Größe & Co", country: "DE" },
  allowedUses: ["cert_signing", "crl_signing"],
  isCaCertificate: true,
  validityPeriodHours: 1000,
};

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start("tls");
});

afterAll(() => plugin.stop());

type Text =
  | "id"
  | "caPrivateKeyPem"
  | "certPem"
  | "certRequestPem"
  | "privateKeyOpenssh"
  | "privateKeyPem"
  | "privateKeyPemPkcs8"
  | "publicKeyOpenssh"
  | "publicKeyPem"
  | "validityEndTime"
  | "validityStartTime";
type Made = Properties & Readonly<Record<Text, string>>;

async function make(type: string, inputs: Properties): Promise<Made> {
  expect((await plugin.check(type, inputs)).failures).toEqual([]);
  return reveal<Made>((await plugin.create(type, inputs)).state);
}

/** An authority, and what it needs to sign a request of another key. */
async function authority(
  keyInputs: Properties = { algorithm: "ECDSA", ecdsaCurve: "P256" },
  more: Properties = {},
) {
  const key = await make("PrivateKey", keyInputs);
  const cert = await make("SelfSignedCert", { ...AUTHORITY, privateKeyPem: key.privateKeyPem, ...more });
  return { cert, caCertPem: cert.certPem, caPrivateKeyPem: key.privateKeyPem };
}

async function request(more: Properties = {}, keyInputs: Properties = { algorithm: "ED25519" }) {
  const key = await make("PrivateKey", keyInputs);
  const inputs = { subject: { commonName: "leaf" }, ...more, privateKeyPem: key.privateKeyPem };
  return { key, csr: await make("CertRequest", inputs) };
}

async function leafInputs(more: Properties = {}): Promise<Properties> {
  const { caCertPem, caPrivateKeyPem } = await authority();
  const { csr } = await request();
  return {
    caCertPem,
    caPrivateKeyPem,
    certRequestPem: csr.certRequestPem,
    allowedUses: ["server_auth"],
    validityPeriodHours: 100,
    ...more,
  };
}

const textOf = (pem: string) => openssl("x509 -in @pem -noout -text", { pem });

describe("PrivateKey", () => {
  test.each(KEYS)("of %s is one that openssl accepts in both notations", async (_, inputs) => {
    const key = await make("PrivateKey", inputs);
    for (const pem of [key.privateKeyPem, key.privateKeyPemPkcs8]) {
      openssl("pkey -in @pem -check -noout", { pem });
      expect(openssl("pkey -in @pem -pubout", { pem })).toBe(key.publicKeyPem);
    }
  });

  test.each(KEYS)("of %s has as its id the SHA-1 of its public key", async (_, inputs) => {
    const key = await make("PrivateKey", inputs);
    const der = createPublicKey(key.publicKeyPem).export({ type: "spki", format: "der" });
    expect(key.id).toBe(createHash("sha1").update(der).digest("hex"));
  });

  test("names its format as the real provider does", async () => {
    const labels = await Promise.all(
      [RSA, ECDSA_P256, ED25519].map(async ([, inputs]) => {
        const { privateKeyPem, privateKeyPemPkcs8 } = await make("PrivateKey", inputs);
        return [privateKeyPem, privateKeyPemPkcs8].map((pem) => pem.split("\n")[0]);
      }),
    );
    expect(labels).toEqual([
      ["-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"],
      ["-----BEGIN EC PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"],
      ["-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"],
    ]);
  });

  test("takes 2048 bits and P224 unless told otherwise", async () => {
    const { privateKeyPem, rsaBits, ecdsaCurve } = await make("PrivateKey", { algorithm: "RSA" });
    expect(createPrivateKey(privateKeyPem).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect({ rsaBits, ecdsaCurve }).toEqual({ rsaBits: 2048, ecdsaCurve: "P224" });
  });

  test.each(KEYS.filter(([name]) => name !== "ECDSA P224"))(
    "of %s has SSH's notations too",
    async (_, inputs) => {
      const key = await make("PrivateKey", inputs);
      const blob = Buffer.from(key.publicKeyOpenssh.split(" ")[1]!, "base64");
      expect(key.publicKeyFingerprintSha256).toBe(
        `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
      );
      expect(key.publicKeyFingerprintMd5).toMatch(/^([\da-f]{2}:){15}[\da-f]{2}$/);
      const body = Buffer.from(key.privateKeyOpenssh.split("\n").slice(1, -2).join(""), "base64");
      expect(body.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
      expect(body.includes(blob)).toBe(true);
    },
  );

  test("of P224 has no SSH notation, which does not know this curve", async () => {
    const key = await make("PrivateKey", { algorithm: "ECDSA" });
    expect([key.publicKeyOpenssh, key.privateKeyOpenssh, key.publicKeyFingerprintMd5]).toEqual(["", "", ""]);
  });

  test("lets no private part out unmarked", async () => {
    const { state } = await plugin.create("PrivateKey", { algorithm: "ED25519" });
    const secrets = Object.keys(state).filter((key) => isSecret(state[key]));
    expect(secrets.sort()).toEqual(["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]);
    const plain = Object.entries(state).filter(([key]) => !secrets.includes(key));
    expect(JSON.stringify(plain)).not.toContain("PRIVATE KEY");
  });

  test("refuses an algorithm that there is not", async () => {
    expect((await plugin.check("PrivateKey", { algorithm: "DSA" })).failures).toEqual([
      '"algorithm" cannot be "DSA", only one of RSA, ECDSA, ED25519',
    ]);
  });

  test("is replaced by another algorithm and cannot be imported", async () => {
    const key = await make("PrivateKey", { algorithm: "RSA" });
    expect(await plugin.diff("PrivateKey", key, { algorithm: "ED25519" })).toMatchObject({
      replaces: ["algorithm"],
    });
    await expect(plugin.read("PrivateKey", "id")).rejects.toThrow("cannot be imported");
  });
});

describe("a chain of certificates", () => {
  test.each(
    KEYS.flatMap(([name, ca]) => [RSA, ED25519].map(([other, leaf]) => [name, other, ca, leaf] as const)),
  )("of an authority with %s and a leaf with %s is valid", async (_name, _other, caKey, leafKey) => {
    const { cert, caCertPem, caPrivateKeyPem } = await authority(caKey);
    const { key, csr } = await request({ dnsNames: ["localhost"] }, leafKey);
    openssl("req -in @csr -verify -noout", { csr: csr.certRequestPem });
    const leaf = await make("LocallySignedCert", {
      caCertPem,
      caPrivateKeyPem,
      certRequestPem: csr.certRequestPem,
      allowedUses: ["server_auth", "digital_signature"],
      validityPeriodHours: 100,
    });
    const files = { ca: caCertPem, leaf: leaf.certPem };
    expect(openssl("verify -x509_strict -purpose sslserver -CAfile @ca @leaf", files)).toContain("OK");
    expect(openssl("x509 -in @leaf -noout -pubkey", files)).toBe(key.publicKeyPem);
    expect([cert.keyAlgorithm, leaf.caKeyAlgorithm, csr.keyAlgorithm]).toEqual([
      caKey.algorithm,
      caKey.algorithm,
      leafKey.algorithm,
    ]);
  });

  test("carries every kind of name over from the request", async () => {
    const { csr } = await request({
      dnsNames: ["db.example.com", "*.db.example.com"],
      ipAddresses: ["10.0.0.1", "2001:db8::1"],
      uris: ["spiffe://example.com/db"],
    });
    const leaf = await make("LocallySignedCert", await leafInputs({ certRequestPem: csr.certRequestPem }));
    expect(openssl("x509 -in @pem -noout -ext subjectAltName", { pem: leaf.certPem })).toContain(
      "DNS:db.example.com, DNS:*.db.example.com, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, " +
        "URI:spiffe://example.com/db",
    );
  });

  test("writes the fields of a subject in the real provider's order", async () => {
    const subject = {
      commonName: "db",
      country: "DE",
      locality: "Köln",
      organization: "Org",
      organizationalUnit: "Unit",
      postalCode: "50667",
      province: "NRW",
      serialNumber: "7",
      streetAddresses: ["Street 1"],
      emailAddress: "db@example.com",
    };
    const { csr } = await request({ subject });
    const pem = csr.certRequestPem;
    expect(
      openssl("req -in @pem -noout -subject -nameopt RFC2253,-dn_rev,utf8,-esc_msb", { pem }).trim(),
    ).toBe(
      "subject=C=DE,O=Org,OU=Unit,L=Köln,ST=NRW,street=Street 1,postalCode=50667,CN=db,serialNumber=7," +
        "emailAddress=db@example.com",
    );
  });

  test("maps the allowed uses to key usages and extended ones", async () => {
    const leaf = await make(
      "LocallySignedCert",
      await leafInputs({
        allowedUses: [
          "digital_signature",
          "key_encipherment",
          "content_commitment",
          "server_auth",
          "client_auth",
        ],
      }),
    );
    const text = textOf(leaf.certPem);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation, Key Encipherment\n/);
    expect(text).toMatch(
      /Extended Key Usage: *\n\s+TLS Web Server Authentication, TLS Web Client Authentication\n/,
    );
  });

  test("gives the validity that was asked for, and the serial number as the id", async () => {
    const leaf = await make("LocallySignedCert", await leafInputs());
    const hours = (Date.parse(leaf.validityEndTime) - Date.parse(leaf.validityStartTime)) / 3_600_000;
    expect(hours).toBe(100);
    const serial = openssl("x509 -in @pem -noout -serial", { pem: leaf.certPem }).trim().split("=")[1];
    expect(BigInt(`0x${serial}`).toString()).toBe(leaf.id);
    const end = openssl("x509 -in @pem -noout -enddate", { pem: leaf.certPem }).trim().split("=")[1]!;
    expect(Date.parse(end)).toBe(Math.floor(Date.parse(leaf.validityEndTime) / 1000) * 1000);
  });

  test("limits no path by 0, and has no length of its own in the state", async () => {
    const zero = await authority(undefined, { maxPathLength: 0 });
    expect(textOf(zero.caCertPem)).toMatch(/Basic Constraints: critical\s+CA:TRUE\n/);
    const { cert } = await authority();
    expect(cert).not.toHaveProperty("maxPathLength");
  });

  test("marks an authority, limits its path and gives it a key id that its leaves name", async () => {
    const { caCertPem, caPrivateKeyPem } = await authority(undefined, { maxPathLength: 1 });
    const leaf = await make("LocallySignedCert", await leafInputs({ caCertPem, caPrivateKeyPem }));
    expect(textOf(caCertPem)).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:1\n/);
    expect(textOf(leaf.certPem)).toMatch(/Basic Constraints: critical\s+CA:FALSE\n/);
    const [, own] = /Subject Key Identifier: *\n\s+(\S+)/.exec(textOf(caCertPem)) ?? [];
    const [, named] = /Authority Key Identifier: *\n\s+(\S+)/.exec(textOf(leaf.certPem)) ?? [];
    expect(own).toMatch(/^([\dA-F]{2}:){19}[\dA-F]{2}$/);
    expect(named).toBe(own);
  });

  test("sets key ids of a certificate that is no authority only when asked to", async () => {
    const bare = await make("LocallySignedCert", await leafInputs());
    expect(textOf(bare.certPem)).not.toContain("Subject Key Identifier");
    const asked = await make("LocallySignedCert", await leafInputs({ setSubjectKeyId: true }));
    expect(textOf(asked.certPem)).toContain("Subject Key Identifier");
    const { caCertPem } = await authority(undefined, { setAuthorityKeyId: true });
    expect(textOf(caCertPem)).toContain("Authority Key Identifier");
  });

  test("needs the key that belongs to the authority's certificate", async () => {
    const { caPrivateKeyPem } = await authority();
    await expect(plugin.create("LocallySignedCert", await leafInputs({ caPrivateKeyPem }))).rejects.toThrow(
      "caPrivateKeyPem is not the private key of caCertPem",
    );
  });

  test("needs PEM", async () => {
    const inputs = await leafInputs({ certRequestPem: "nonsense" });
    await expect(plugin.create("LocallySignedCert", inputs)).rejects.toThrow(
      "failed to parse certRequestPem",
    );
  });

  test("keeps the private key among its outputs secret", async () => {
    const { state } = await plugin.create("LocallySignedCert", await leafInputs());
    expect(isSecret(state.caPrivateKeyPem)).toBe(true);
  });

  test("keeps a write-only private key out of its outputs", async () => {
    const { caPrivateKeyPem, ...rest } = await leafInputs();
    const inputs = { ...rest, caPrivateKeyPemWo: caPrivateKeyPem, caPrivateKeyPemWoVersion: 1 };
    expect(JSON.stringify(await make("LocallySignedCert", inputs))).not.toContain("PRIVATE KEY");
  });

  test("is refused without a private key, with an unknown use or with a wrong address", async () => {
    const keyless = await leafInputs();
    delete keyless.caPrivateKeyPem;
    expect((await plugin.check("LocallySignedCert", keyless)).failures).toEqual([
      "exactly one of caPrivateKeyPem and caPrivateKeyPemWo must be set",
    ]);
    const misused = await leafInputs({ allowedUses: ["server"] });
    expect((await plugin.check("LocallySignedCert", misused)).failures).toEqual([
      expect.stringContaining('"allowedUses" cannot be "server"'),
    ]);
    const misplaced = { privateKeyPem: "x", ipAddresses: ["10.0.0"] };
    expect((await plugin.check("CertRequest", misplaced)).failures).toEqual([
      '"10.0.0" is not an IP address',
    ]);
  });

  test("is unknown during a preview, even with a key that is not known yet", async () => {
    const inputs = await leafInputs({ caPrivateKeyPem: UNKNOWN, certRequestPem: UNKNOWN });
    expect((await plugin.check("LocallySignedCert", inputs)).failures).toEqual([]);
    const { id, state } = await plugin.create("LocallySignedCert", inputs, true);
    expect(id).toBe("");
    expect(state).toMatchObject({ certPem: UNKNOWN, validityEndTime: UNKNOWN, readyForRenewal: false });
    expect(isSecret(state.caPrivateKeyPem)).toBe(true);
  });
});

describe("a change of a certificate's inputs", () => {
  test.each([
    [{ validityPeriodHours: 101 }, "validityPeriodHours"],
    [{ allowedUses: ["client_auth"] }, "allowedUses"],
    [{ isCaCertificate: true }, "isCaCertificate"],
    [{ setSubjectKeyId: true }, "setSubjectKeyId"],
    [{ caCertPem: UNKNOWN }, "caCertPem"],
    [{ certRequestPem: "another" }, "certRequestPem"],
  ])("by %j replaces it", async (change, property) => {
    const inputs = await leafInputs();
    const state = await make("LocallySignedCert", inputs);
    expect(await plugin.diff("LocallySignedCert", state, { ...inputs, ...change })).toMatchObject({
      changed: true,
      replaces: [property],
    });
  });

  test("by another subject, or an empty field of it, replaces the request", async () => {
    const { key, csr } = await request();
    const inputs = { privateKeyPem: key.privateKeyPem, subject: { commonName: "leaf" } };
    expect(await plugin.diff("CertRequest", csr, inputs)).toMatchObject({ changed: false });
    const empty = { ...inputs, subject: { commonName: "leaf", country: "" } };
    expect(await plugin.diff("CertRequest", csr, empty)).toMatchObject({ replaces: ["subject"] });
    const other = { ...inputs, subject: { commonName: "other" } };
    expect(await plugin.diff("CertRequest", csr, other)).toMatchObject({
      replaces: ["subject"],
      detail: {},
    });
  });

  test("by other hours of early renewal only updates it", async () => {
    const inputs = await leafInputs();
    const { state } = await plugin.create("LocallySignedCert", inputs);
    const news = { ...inputs, earlyRenewalHours: 10 };
    expect(await plugin.diff("LocallySignedCert", state, news)).toEqual({
      changed: true,
      replaces: [],
      detail: {},
    });
    expect(await plugin.update("LocallySignedCert", reveal(state), news)).toEqual({
      ...state,
      earlyRenewalHours: 10,
    });
  });
});

describe("the state of the real plugin", () => {
  test("is no difference, and keeps its raw state delta until something changes", async () => {
    const inputs = await leafInputs();
    const made = await plugin.create("LocallySignedCert", inputs);
    const delta = { obj: { ps: { allowedUses: { arr: {} } } } };
    const state = { ...reveal(made.state), __pulumi_raw_state_delta: delta };
    expect(await plugin.diff("LocallySignedCert", state, inputs)).toMatchObject({ changed: false });
    const read = await plugin.read("LocallySignedCert", made.id, state, inputs);
    expect(read.state).toMatchObject({ __pulumi_raw_state_delta: delta });
    const news = { ...inputs, earlyRenewalHours: 10 };
    expect(await plugin.update("LocallySignedCert", state, news)).not.toHaveProperty(
      "__pulumi_raw_state_delta",
    );
  });
});

describe("the renewal of a certificate", () => {
  test.each([
    ["within the hours of early renewal", { validityPeriodHours: 2, earlyRenewalHours: 3 }],
    ["past its end", { validityPeriodHours: 0 }],
  ])("is due %s, by a replacement at the next update", async (_, terms) => {
    const inputs = await leafInputs(terms);
    const state = await make("LocallySignedCert", inputs);
    expect(state.readyForRenewal).toBe(true);
    expect(await plugin.diff("LocallySignedCert", state, inputs)).toEqual({
      changed: true,
      replaces: ["readyForRenewal"],
      detail: {},
    });
    const read = await plugin.read("LocallySignedCert", state.id, state, inputs);
    expect(read.state.readyForRenewal).toBe(true);
  });

  test("is due for a self-signed certificate too", async () => {
    const { cert } = await authority(undefined, { earlyRenewalHours: 2000 });
    const { privateKeyPem } = cert;
    const inputs = { ...AUTHORITY, privateKeyPem, earlyRenewalHours: 2000 };
    expect(await plugin.diff("SelfSignedCert", cert, inputs)).toMatchObject({
      replaces: ["readyForRenewal"],
    });
  });

  test("is not due before", async () => {
    const inputs = await leafInputs({ validityPeriodHours: 3, earlyRenewalHours: 2 });
    const state = await make("LocallySignedCert", inputs);
    expect((await plugin.diff("LocallySignedCert", state, inputs)).changed).toBe(false);
    expect((await plugin.read("LocallySignedCert", state.id, state, inputs)).state.readyForRenewal).toBe(
      false,
    );
  });
});
