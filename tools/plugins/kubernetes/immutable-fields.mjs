// @ts-check
import { groupOf, isConfigMap, isSecretKind } from "./kinds.mjs";

/** @typedef {import("../lib/values.mjs").Properties} Properties */

const IDENTITY = ["metadata.name", "metadata.namespace"];

const CONTAINERS =
  `args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources
  securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts
  workingDir`
    .split(/\s+/)
    .flatMap((field) => [`spec.containers[*].${field}`, `spec.initContainers[*].${field}`]);

const POD = `affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC
  hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority
  priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount
  serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes`
  .split(/\s+/)
  .map((field) => `spec.${field}`);

const VOLUME_SOURCES = `awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker
  gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO
  storageos vsphereVolume`
  .split(/\s+/)
  .map((field) => `spec.${field}`);

/** By group and kind. */
const FIELDS = /** @type {Record<string, string[]>} */ ({
  "/PersistentVolume": VOLUME_SOURCES,
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/Pod": [...POD, ...CONTAINERS],
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
});

/**
 * The fields whose change calls for a replacement.
 * @param {Properties} object
 * @param {{ isPatch: boolean, enableConfigMapMutable: boolean, enableSecretMutable: boolean }} options
 * @returns {string[]}
 */
export function immutableFields(object, { isPatch, enableConfigMapMutable, enableSecretMutable }) {
  if (isPatch) {
    return IDENTITY;
  }
  const type = { apiVersion: object["apiVersion"] ?? "", kind: object["kind"] ?? "" };
  const frozen = object["immutable"] === true;
  if (isSecretKind(type) && (!enableSecretMutable || frozen)) {
    return [...IDENTITY, "type", "stringData", "data"];
  }
  if (isConfigMap(type) && (!enableConfigMapMutable || frozen)) {
    return [...IDENTITY, "binaryData", "data"];
  }
  return [...IDENTITY, ...(FIELDS[`${groupOf(type.apiVersion)}/${type.kind}`] ?? [])];
}
