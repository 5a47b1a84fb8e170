// @ts-check
// What runs in a region, with which settings. Nothing here touches the machine.
import { join } from "node:path";

/**
 * @typedef {import("./plan.mjs").Region} Region
 *
 * @typedef {object} Programs
 * @property {Readonly<Record<string, string>>} binaries the full paths of what was built
 * @property {string} containerd its full path
 * @property {string} cni the folder of the network plugins
 *
 * @typedef {object} Credentials of the administrator, in PEM
 * @property {string} ca
 * @property {string} certificate
 * @property {string} key
 *
 * @typedef {object} Component
 * @property {string} name
 * @property {readonly string[]} command
 */

export const IMAGES = {
  pause: "localhost/pause:1",
  operator: "localhost/cloudnative-pg:1.30.0",
  app: "localhost/app:1",
  shop: "localhost/shop:1",
  pgbouncer: "localhost/pgbouncer:1.24",
  barmanCloud: "localhost/plugin-barman-cloud:0.14.0",
  store: "localhost/versitygw:1.8.0",
  postgres: /** @type {const} */ ({ 17: "localhost/postgresql:17", 15: "localhost/postgresql:15" }),
};

/** As a pod sees it, and as `containerd` itself does: its folder is new at every start of the region. */
export const CONTAINERD_SOCKET = "/run/containerd/containerd.sock";

/**
 * @param {Region} region
 * @param {Programs} programs
 * @returns {Component[]}
 */
function components(region, { binaries, containerd }) {
  const { folder, name, address, services } = region;
  const pki = (/** @type {string} */ file) => join(folder, "pki", file);
  const kubeconfig = `--kubeconfig=${join(folder, "internal.kubeconfig")}`;
  const etcd = "http://127.0.0.1:2379";
  const built = (/** @type {string} */ program, /** @type {string[]} */ ...args) => ({
    name: program,
    command: [/** @type {string} */ (binaries[program]), ...args],
  });
  return [
    built(
      "etcd",
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      "--listen-peer-urls=http://127.0.0.1:2380",
      // A region that is killed loses its processes, and never what the kernel has yet to write.
      "--unsafe-no-fsync",
    ),
    built(
      "kube-apiserver",
      `--etcd-servers=${etcd}`,
      `--advertise-address=${address}`,
      `--service-cluster-ip-range=${services}`,
      "--authorization-mode=RBAC",
      "--allow-privileged",
      `--client-ca-file=${pki("ca.crt")}`,
      `--tls-cert-file=${pki("server.crt")}`,
      `--tls-private-key-file=${pki("server.key")}`,
      `--kubelet-client-certificate=${pki("admin.crt")}`,
      `--kubelet-client-key=${pki("admin.key")}`,
      // Else it looks up the node's name, which no DNS knows, for every `kubectl exec`.
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${pki("service-accounts.key")}`,
      `--service-account-signing-key-file=${pki("service-accounts.key")}`,
    ),
    built(
      "kube-controller-manager",
      kubeconfig,
      "--leader-elect=false",
      "--use-service-account-credentials",
      `--root-ca-file=${pki("ca.crt")}`,
      `--service-account-private-key-file=${pki("service-accounts.key")}`,
    ),
    built("kube-scheduler", kubeconfig, "--leader-elect=false"),
    { name: "containerd", command: [containerd, `--config=${join(folder, "containerd.toml")}`] },
    built(
      "kubelet",
      kubeconfig,
      `--config=${join(folder, "kubelet.json")}`,
      `--root-dir=${join(folder, "kubelet")}`,
      `--hostname-override=${name}`,
      `--node-ip=${address}`,
    ),
    built("kube-proxy", `--config=${join(folder, "kube-proxy.json")}`, `--hostname-override=${name}`),
    built("coredns", `-conf=${join(folder, "Corefile")}`),
    built(
      "local-path-provisioner",
      "start",
      kubeconfig,
      `--config=${join(folder, "local-path.json")}`,
      "--namespace=kube-system",
      "--service-account-name=default",
      `--helper-image=${IMAGES.postgres[17]}`,
      `--helper-pod-file=${join(folder, "helper-pod.json")}`,
    ),
  ];
}

/**
 * The files that these components read, by their names in the region's folder.
 * @param {Region} region
 * @param {Programs} programs
 * @param {Credentials} credentials
 * @returns {Record<string, string>}
 */
export function files(region, programs, credentials) {
  const { folder } = region;
  return {
    "components.json": json(components(region, programs)),
    "containerd.toml": containerdSettings(region, programs),
    "network/10-regions.conflist": json(podNetwork(region)),
    "kubelet.json": json(kubelet(region)),
    "kube-proxy.json": json(kubeProxy(region)),
    Corefile: corefile(region),
    "local-path.json": json({
      nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [join(folder, "volumes")] }],
    }),
    "helper-pod.json": json(helperPod),
    "resolv.conf": `nameserver ${region.address}\n`,
    kubeconfig: kubeconfigOf(region, `https://${region.address}:6443`, credentials),
    "internal.kubeconfig": kubeconfigOf(region, "https://127.0.0.1:6443", credentials),
  };
}

/** @param {unknown} value */
const json = (value) => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * @param {Region} region
 * @param {Programs} programs
 */
function containerdSettings({ folder }, { cni }) {
  return `version = 2
root = ${JSON.stringify(join(folder, "containerd"))}
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
address = ${JSON.stringify(CONTAINERD_SOCKET)}

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${JSON.stringify(IMAGES.pause)}
# Without CAP_SYS_RESOURCE, as in many containers, every pod would die of its score.
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${JSON.stringify(cni)}
conf_dir = ${JSON.stringify(join(folder, "network"))}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}

/** @param {Region} region */
function podNetwork({ pods }) {
  return {
    cniVersion: "0.4.0",
    name: "regions",
    plugins: [
      {
        type: "bridge",
        bridge: "pods0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          dataDir: "/run/pods",
          ranges: [[{ subnet: pods }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

/** @param {Region} region */
function kubelet({ folder, address, cgroup }) {
  const pressure = { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" };
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(folder, "pki/ca.crt") },
    },
    authorization: { mode: "Webhook" },
    clusterDomain: "cluster.local",
    clusterDNS: [address],
    resolvConf: join(folder, "resolv.conf"),
    podLogsDir: join(folder, "log/pods"),
    volumePluginDir: join(folder, "kubelet/volume-plugins"),
    // The region's processes are in whatever cgroup the host has given them, also in one of the first version.
    cgroupRoot: cgroup,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: pressure,
    imageGCHighThresholdPercent: 100,
    // A pod starts as soon as it can: all its images are here.
    registryPullQPS: 0,
    serializeImagePulls: false,
    syncFrequency: "10s",
    nodeStatusUpdateFrequency: "5s",
  };
}

/** @param {Region} region */
function kubeProxy({ folder, pods, address }) {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: join(folder, "internal.kubeconfig") },
    mode: "iptables",
    clusterCIDR: pods,
    bindAddress: address,
    metricsBindAddress: "127.0.0.1:10249",
    // The table of connections is the host's, so its size is not a region's to change.
    conntrack: { maxPerCore: 0 },
  };
}

/** Makes the folder of a volume, and takes it away. */
const helperPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "helper-pod" },
  spec: {
    containers: [
      {
        name: "helper-pod",
        image: IMAGES.postgres[17],
        imagePullPolicy: "IfNotPresent",
        securityContext: { runAsUser: 0 },
      },
    ],
  },
};

/** @param {Region} region */
function corefile({ folder, address }) {
  return `. {
  bind ${address}
  errors
  hosts ${join(folder, "hosts")} {
    reload 1s
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${join(folder, "internal.kubeconfig")}
  }
}
`;
}

/**
 * @param {Region} region
 * @param {string} server
 * @param {Credentials} credentials
 */
function kubeconfigOf({ name }, server, { ca, certificate, key }) {
  const base64 = (/** @type {string} */ text) => Buffer.from(text).toString("base64");
  return json({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [
      {
        name,
        user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
