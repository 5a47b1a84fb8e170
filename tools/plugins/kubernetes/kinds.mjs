// @ts-check

/** @typedef {import("./cluster.mjs").Type} Type */

const NAMESPACED = new Set(
  `Binding ConfigMap ControllerRevision CronJob DaemonSet Deployment EndpointSlice Endpoints Event
  HorizontalPodAutoscaler Ingress Job Lease LimitRange LocalSubjectAccessReview NetworkPolicy
  PersistentVolumeClaim Pod PodDisruptionBudget PodTemplate ReplicaSet ReplicationController ResourceQuota Role
  RoleBinding Secret Service ServiceAccount StatefulSet`.split(/\s+/),
);
const CLUSTER_SCOPED = new Set(
  `APIService CertificateSigningRequest ClusterRole ClusterRoleBinding CSIDriver CSINode
  CustomResourceDefinition IngressClass MutatingWebhookConfiguration Namespace Node PersistentVolume
  PodSecurityPolicy PriorityClass RuntimeClass SelfSubjectAccessReview SelfSubjectRulesReview StorageClass
  SubjectAccessReview TokenReview ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
  ValidatingWebhookConfiguration VolumeAttachment`.split(/\s+/),
);

const BUILT_IN_GROUPS = new Set([
  "apps",
  "autoscaling",
  "batch",
  "extensions",
  "policy",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/**
 * @param {string} kind
 * @returns {boolean | undefined} whether a kind that every cluster has belongs to namespaces
 */
export function knownScope(kind) {
  if (NAMESPACED.has(kind)) {
    return true;
  }
  return CLUSTER_SCOPED.has(kind) ? false : undefined;
}

/** @param {string} apiVersion */
export function groupOf(apiVersion) {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return group === "core" ? "" : group;
}

/** @param {string} apiVersion */
export function isBuiltIn(apiVersion) {
  const group = groupOf(apiVersion);
  return group === "" || BUILT_IN_GROUPS.has(group);
}

/** @param {Type} type */
export const isSecretKind = ({ apiVersion, kind }) => groupOf(apiVersion) === "" && kind === "Secret";

/** @param {Type} type */
export const isConfigMap = ({ apiVersion, kind }) => groupOf(apiVersion) === "" && kind === "ConfigMap";

/** @param {Type} type */
export const isDefinition = ({ apiVersion, kind }) =>
  groupOf(apiVersion) === "apiextensions.k8s.io" && kind === "CustomResourceDefinition";
