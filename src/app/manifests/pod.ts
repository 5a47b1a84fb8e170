import type * as inputs from "@pulumi/kubernetes/types/input";
import type { AppSettingsArgs, RegionalAppArgs } from "../args";
import { linkVariables, variableName } from "../link-environment";
import type { PlannedLink } from "../plan";
import { appNames, container, serverLabels } from "./names";

/** What the pods of every region are made of. */
export interface PodParts {
  readonly name: string;
  readonly args: RegionalAppArgs;
  readonly links: readonly PlannedLink[];
}

type PodSpec = inputs.core.v1.PodSpec;

/** Where pods have the certificate of a database's authority. */
export function caFile(link: string): string {
  return `${caFolder(link)}/${caKey}`;
}

/** The key of a link's Secret under which that certificate is. */
export const caKey = "ca.crt";

function caFolder(link: string): string {
  return `/var/run/multi-region-postgres/${link}`;
}

/** The pods that serve. */
export function serverPod(parts: PodParts, settings: AppSettingsArgs): PodSpec {
  const { args, name } = parts;
  const spread = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: serverLabels(name) },
    matchLabelKeys: ["pod-template-hash"],
  });
  return {
    ...basis(parts),
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(spread),
    containers: [
      {
        ...program(parts, settings),
        ...(args.command === undefined ? {} : { command: args.command }),
        ports: [{ name: "http", containerPort: args.port }],
        ...probes(args),
        // Whoever has yet to hear that the pod is leaving is still served meanwhile.
        lifecycle: { preStop: { sleep: { seconds: farewellSeconds } } },
      },
    ],
  };
}

/** The pod that migrates. */
export function migrationPod(parts: PodParts, settings: AppSettingsArgs): PodSpec {
  const { command } = parts.args.migration!;
  return {
    ...basis(parts),
    restartPolicy: "Never",
    containers: [{ ...program(parts, settings), command }],
  };
}

const farewellSeconds = 5;

function basis({ name, args, links }: PodParts): Omit<PodSpec, "containers"> {
  const { pullSecret, runAsUser } = args;
  const names = appNames(name);
  return {
    serviceAccountName: names.app,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: names.pullSecret }] }),
    securityContext: {
      runAsNonRoot: true,
      ...(runAsUser === undefined ? {} : { runAsUser }),
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumes: [
      { name: "tmp", emptyDir: {} },
      ...links.map((link) => ({
        name: `link-${link.name}`,
        secret: { secretName: names.link(link.name), items: [{ key: caKey, path: caKey }] },
      })),
    ],
  };
}

function program(
  { name, args, links }: PodParts,
  { env = {}, resources }: AppSettingsArgs,
): inputs.core.v1.Container {
  return {
    name: container,
    image: args.image,
    // In this order, so that `$(PGHOST)` may stand in a value: Kubernetes knows the variables that come before.
    env: [
      ...links.flatMap((link) => linkEnvironment(name, link)),
      ...Object.keys(args.secrets ?? {}).map((variable) =>
        fromSecret(variable, appNames(name).secrets, variable),
      ),
      ...Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    ],
    ...(resources === undefined ? {} : { resources }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: args.readOnlyRootFilesystem ?? true,
    },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...links.map((link) => ({
        name: `link-${link.name}`,
        mountPath: caFolder(link.name),
        readOnly: true,
      })),
    ],
  };
}

function linkEnvironment(name: string, link: PlannedLink): inputs.core.v1.EnvVar[] {
  return linkVariables
    .map((variable) => variableName(link, variable))
    .map((variable) => fromSecret(variable, appNames(name).link(link.name), variable));
}

function fromSecret(variable: string, secret: string, key: string): inputs.core.v1.EnvVar {
  return { name: variable, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** A pod that cannot reach the database takes no requests, and is not started again for that. */
function probes({
  healthCheck,
  port,
}: RegionalAppArgs): Pick<inputs.core.v1.Container, "readinessProbe" | "livenessProbe"> {
  const probe = (path: string | undefined) =>
    path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } };
  return {
    readinessProbe: { ...probe(healthCheck?.path), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: { ...probe(healthCheck?.livePath), periodSeconds: 10, failureThreshold: 6 },
  };
}
