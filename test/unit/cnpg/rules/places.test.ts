import { output } from "@pulumi/pulumi";
import { type Fault, linesOf, refusesEach, spoiled, wrong } from "./faults";

const unknownYet = "must be known before the deployment, not an output";
const kubeconfig = "must be a kubeconfig: its text or the path of a file";
const host = "must be the DNS name or the IP address by which the region is reached";
const cidr = "must be a CIDR block such as 203.0.113.0/24";

const faults: Fault[] = [
  [
    "no kubeconfig",
    (args) => delete args.regions.rome.kubeconfig,
    `regions.rome.kubeconfig: is missing: ${kubeconfig}`,
  ],
  wrong("regions.rome.kubeconfig", "", `${kubeconfig}, not an empty text`),
  wrong("regions.rome.kubeconfig", { apiVersion: "v1" }, `${kubeconfig}, not an object`),
  wrong("regions.rome.kubeconfig", null, `${kubeconfig}, not null`),
  wrong("regions.rome.context", 1, "must be the name of a context, not 1"),
  [
    "no host",
    (args) => delete args.regions.rome.host,
    "regions.rome.host: is missing: must be the DNS name or the IP address by which the region is reached",
  ],
  wrong("regions.rome.host", "rome.example.com:5432", `${host}, not "rome.example.com:5432"`),
  wrong("regions.rome.host", "rome_1", `${host}, not "rome_1"`),
  wrong("regions.rome.host", "203.0.113.256", `${host}, not "203.0.113.256"`),
  wrong("regions.rome.host", "fe80::1%eth0", `${host}, not "fe80::1%eth0"`),
  wrong("regions.rome.host", null, `${host}, not null`),
  [
    "a host that is not known yet",
    (args) => (args.regions.rome.host = output("a")),
    `regions.rome.host: ${unknownYet}`,
  ],
  wrong("regions.rome.port", 0, "must be a whole number from 1 to 65535, not 0"),
  wrong("regions.rome.port", 65_536, "must be a whole number from 1 to 65535, not 65536"),
  wrong("regions.rome.hibernated", "no", 'must be true or false, not "no"'),
  wrong("regions.rome.prot", 1, 'unknown property, did you mean "port"?'),
  wrong("regions.rome.instance", 1, 'unknown property, did you mean "instances"?'),
  [
    "a host and port of another region's",
    (args) => Object.assign(args.regions.oslo, { host: "203.0.113.7", port: 5432 }),
    "regions.oslo.port: must differ from that of lisbon, which has the same host",
  ],
  [
    "a host and port of another region's, by default and in other letters",
    (args) => {
      args.regions.rome.port = 30_432;
      args.regions.oslo.host = "ROME.example.com";
    },
    "regions.oslo.port: must differ from that of rome, which has the same host",
  ],
  [
    "a Kubernetes cluster of another region's",
    (args) => (args.regions.oslo = { ...args.regions.rome, host: "oslo.example.com" }),
    "regions.oslo.kubeconfig: must be of another cluster, or have another context, than that of rome",
  ],
  wrong("regions.lisbon.service.type", "ClusterIP", 'must be one of NodePort, LoadBalancer, not "ClusterIP"'),
  wrong("regions.rome.service", 5, "must be an object of properties, not 5"),
  wrong("regions.rome.service.typ", "NodePort", 'unknown property, did you mean "type"?'),
  wrong("regions.rome.service.annotations", [], "must be an object of texts, by key, not a list"),
  wrong("regions.rome.service.annotations.plain", 1, "must be a text, not 1"),
  [
    "an annotation by no key",
    (args) => (args.regions.rome.service = { annotations: { "a b": "c" } }),
    'regions.rome.service.annotations["a b"]: must be named by the key of an annotation, such as example.com/name, not "a b"',
  ],
  [
    "ranges of a NodePort",
    (args) => (args.regions.rome.service = { loadBalancerSourceRanges: ["10.0.0.0/8"] }),
    'regions.rome.service.loadBalancerSourceRanges: must not be given unless type is "LoadBalancer"',
  ],
  [
    "a range that is an address",
    (args) => (args.regions.lisbon.service.loadBalancerSourceRanges[1] = "10.0.0.1"),
    `regions.lisbon.service.loadBalancerSourceRanges[1]: ${cidr}, not "10.0.0.1"`,
  ],
];

describe("CnpgPostgres, of where regions are,", () => {
  refusesEach(faults);

  it("takes one host with two ports", () => {
    const args = spoiled(({ regions }) =>
      Object.assign(regions.oslo, { host: "rome.example.com", port: 30_433 }),
    );
    expect(linesOf(args)).toEqual([]);
  });

  it("takes one kubeconfig with two contexts, or with one that is not known yet", () => {
    for (const context of ["other", output("other")]) {
      const args = spoiled(({ regions }) => {
        Object.assign(regions.oslo, { kubeconfig: regions.rome.kubeconfig, context });
      });
      expect(linesOf(args)).toEqual([]);
    }
  });
});
