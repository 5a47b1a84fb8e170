import { RegionalApp } from "../../src/app";
import { CnpgPostgres } from "../../src/cnpg";
import { checkovOfKubernetes, type Checked } from "../support/checkov";
import { manifestsOf, type Manifest } from "../support/manifests";
import { full } from "../unit/app/component";

/** What checkov finds, and why it stays. */
const explained: [check: string, resource: RegExp, why: string][] = [
  [
    "CKV_K8S_35",
    /^(Deployment|Job)\.shop\./,
    "libpq, and every driver that is configured as it is, looks for its password in the environment",
  ],
];

// Manifests are looked into wherever a check does.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

/** How checks that hold are broken in a Deployment's pods. */
const broken: [check: string, spoil: (pod: Loose, container: Loose) => unknown][] = [
  ["CKV_K8S_8", (_pod, container) => delete container.livenessProbe],
  ["CKV_K8S_9", (_pod, container) => delete container.readinessProbe],
  ["CKV_K8S_11", (_pod, container) => delete container.resources.limits.cpu],
  ["CKV_K8S_13", (_pod, container) => delete container.resources.limits.memory],
  ["CKV_K8S_14", (_pod, container) => (container.image = "shop:latest")],
  ["CKV_K8S_16", (_pod, container) => (container.securityContext.privileged = true)],
  ["CKV_K8S_20", (_pod, container) => delete container.securityContext.allowPrivilegeEscalation],
  ["CKV_K8S_22", (_pod, container) => (container.securityContext.readOnlyRootFilesystem = false)],
  ["CKV_K8S_23", (pod) => delete pod.securityContext.runAsNonRoot],
  ["CKV_K8S_40", (pod) => (pod.securityContext.runAsUser = 0)],
  ["CKV_K8S_31", (pod) => delete pod.securityContext.seccompProfile],
  ["CKV_K8S_37", (_pod, container) => delete container.securityContext.capabilities],
  ["CKV_K8S_38", (pod) => (pod.automountServiceAccountToken = true)],
];

describe("checkov, of the objects that components declare in Kubernetes,", () => {
  let manifests: readonly Manifest[];
  let checked: Checked;

  beforeAll(async () => {
    const regions = {
      rome: { kubeconfig: "rome's", host: "rome.example.com" },
      lisbon: { kubeconfig: "lisbon's", host: "lisbon.example.com" },
    };
    const poolers = { readWrite: {} };
    manifests = await manifestsOf(() => {
      const db = new CnpgPostgres("db", {
        primary: "rome",
        regions,
        defaults: { poolers },
        roles: { clerk: {} },
      });
      const image = `registry.example.com/shop@sha256:${"0".repeat(64)}`;
      new RegionalApp("shop", { ...full(), image, links: { db } });
    });
    checked = await checkovOfKubernetes(manifests);
  });

  test("looks at everything there is", () => {
    const kinds = new Set(manifests.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      [
        ...["Cluster", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress", "Job", "Namespace"],
        ...["NetworkPolicy", "PodDisruptionBudget", "Pooler", "Secret", "Service", "ServiceAccount"],
      ].sort(),
    );
    expect(checked.passed.length).toBeGreaterThan(100);
  });

  test("finds nothing that is not explained", () => {
    const isExplained = (finding: string) => explained.some((each) => explains(each, finding));
    expect(checked.failed.filter((finding) => !isExplained(finding))).toEqual([]);
  });

  test("finds everything that is explained", () => {
    expect(explained.filter((each) => !checked.failed.some((finding) => explains(each, finding)))).toEqual(
      [],
    );
  });

  test("passes every check that is listed here, and finds each of them broken where it is", async () => {
    const checks = broken.map(([check]) => check).sort();
    expect(checks.filter((check) => checked.passed.some((each) => each.startsWith(`${check} `)))).toEqual(
      checks,
    );
    const { failed } = await checkovOfKubernetes(manifests.map(breakIt));
    expect(checks.filter((check) => failed.some((each) => each.startsWith(`${check} Deployment.`)))).toEqual(
      checks,
    );
  });
});

function explains([check, resource]: (typeof explained)[number], finding: string): boolean {
  const [found, where] = finding.split(" ") as [string, string];
  return found === check && resource.test(where);
}

function breakIt(manifest: Manifest): Manifest {
  const copy: Loose = structuredClone(manifest);
  if (copy.kind === "Deployment") {
    const pod: Loose = copy.spec.template.spec;
    for (const [, spoil] of broken) {
      spoil(pod, pod.containers[0]);
    }
  }
  return copy;
}
