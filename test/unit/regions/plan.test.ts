import fc from "fast-check";
import type * as Components from "../../../tools/regions/components.mjs" with { "resolution-mode": "import" };
import type * as Plan from "../../../tools/regions/plan.mjs" with { "resolution-mode": "import" };

const { hostsLines, isRegionName, planRegion, MOST_REGIONS, WIRE } = jest.requireActual<typeof Plan>(
  "../../../tools/regions/plan.mjs",
);
const { files } = jest.requireActual<typeof Components>("../../../tools/regions/components.mjs");

const programs = {
  binaries: new Proxy({}, { get: (_, name) => `/bin/${String(name)}` }),
  containerd: "/c",
  cni: "/n",
};
const credentials = { ca: "CA", certificate: "CERTIFICATE", key: "KEY" };
const all = Array.from({ length: MOST_REGIONS }, (_, index) => planRegion(`r${index}`, index + 1));

describe("the plan of regions", () => {
  it("gives each region ranges that overlap with no other and not with the wire", () => {
    const ranges = [WIRE, ...all.flatMap(({ pods, services }) => [pods, services])].map(boundsOf);
    ranges.sort(([one], [other]) => one - other);
    for (const [index, [, end]] of ranges.slice(0, -1).entries()) {
      expect(end).toBeLessThan(ranges[index + 1]![0]);
    }
    const [first, last] = boundsOf("198.18.0.0/15");
    expect(ranges[0]![0]).toBeGreaterThanOrEqual(first);
    expect(ranges.at(-1)![1]).toBeLessThanOrEqual(last);
  });

  it("gives each region an address on the wire, a link and a name that no other has", () => {
    for (const property of ["address", "link", "namespace", "hostname", "folder", "cgroup"] as const) {
      expect(new Set(all.map((region) => region[property])).size).toBe(MOST_REGIONS);
    }
    const [first, last] = boundsOf(WIRE);
    for (const { address, link } of all) {
      expect(numberOf(address)).toBeGreaterThan(first);
      expect(numberOf(address)).toBeLessThan(last);
      expect(link.length).toBeLessThan(16);
    }
  });

  it("takes a name only if it may be a host name and the name of a folder", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(!isRegionName(text) || /^[a-z0-9-]{1,20}$/.test(text)).toBe(true);
      }),
    );
    for (const name of ["rome", "eu-west-1", "a"]) expect(isRegionName(name)).toBe(true);
    for (const name of ["", "Rome", "-a", "a-", "1a", "a.b", "..", "a".repeat(21)]) {
      expect(isRegionName(name)).toBe(false);
    }
  });

  it("names every region in the hosts file", () => {
    expect(hostsLines([planRegion("rome", 1), planRegion("lisbon", 2)])).toBe(
      "198.18.0.11 rome.example.com\n198.18.0.12 lisbon.example.com\n",
    );
  });
});

describe("the components of a region", () => {
  const region = planRegion("rome", 1);

  it("are those of a whole node", () => {
    const text = files(region, programs, credentials)["components.json"]!;
    const components = JSON.parse(text) as { name: string }[];
    expect(components.map(({ name }) => name)).toEqual([
      ...["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "containerd", "kubelet"],
      ...["kube-proxy", "coredns", "local-path-provisioner"],
    ]);
  });

  it("have a kubeconfig that stands alone, to be handed to a provider as text", () => {
    const { kubeconfig } = files(region, programs, credentials);
    const { clusters, users } = JSON.parse(kubeconfig!) as {
      clusters: [{ cluster: Record<string, string> }];
      users: [{ user: Record<string, string> }];
    };
    expect(clusters[0].cluster).toEqual({
      server: "https://198.18.0.11:6443",
      "certificate-authority-data": "Q0E=",
    });
    expect(users[0].user).toEqual({
      "client-certificate-data": "Q0VSVElGSUNBVEU=",
      "client-key-data": "S0VZ",
    });
  });
});

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function boundsOf(range: string): [first: number, last: number] {
  const [address, prefix] = range.split("/") as [string, string];
  return [numberOf(address), numberOf(address) + 2 ** (32 - Number(prefix)) - 1];
}
