import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import * as pulumi from "@pulumi/pulumi";
import { clusterOptions } from "../kubernetes/cluster-options";
import { neverProtected } from "../kubernetes/never-protected";
import type { OwningResource } from "../kubernetes/owner";
import { fingerprintOf } from "./fingerprint";
import { linkSecret, serversOf } from "./links";
import { deployment, unnamedTemplate } from "./manifests/deployment";
import { httpRoute, ingress, service } from "./manifests/entries";
import { appNames, labelsOf, secretParts } from "./manifests/names";
import type { PodParts } from "./manifests/pod";
import { autoscaler, disruptionBudget, egressRules, networkPolicy } from "./manifests/policies";
import type { AppPlan, AppRegionPlan } from "./plan";

/** What belongs to a region beside its pods, made before them. */
export interface AppBase {
  readonly options: pulumi.CustomResourceOptions;
  readonly namespace: pulumi.Output<string>;
  /** What a pod needs to be there. */
  readonly resources: readonly pulumi.Resource[];
  /** What the region's Secrets hold, in a word. */
  readonly configuration: pulumi.Output<string>;
}

/** The namespace, the account, the secrets and the policy of a region. */
export function createBase(
  parent: pulumi.Resource,
  plan: AppPlan,
  { region, isLost }: AppRegionPlan,
  { args, links }: PodParts,
  objects: OwningResource,
): AppBase {
  const { name } = plan;
  const options = clusterOptions(parent, name, region, args.regions[region]!, isLost, objects);
  const prefix = `${name}-${region}`;
  const own =
    args.createNamespace === false
      ? undefined
      : new Namespace(
          `${prefix}-namespace`,
          { metadata: { name: plan.namespace, labels: { ...labelsOf(name), ...restricted } } },
          options,
        );
  const namespace = own?.metadata.name ?? pulumi.output(plan.namespace);
  const contents = secretsOf(region, args, links);
  const names = appNames(name);
  const metadata = (called: string) => ({ name: called, namespace, labels: labelsOf(name) });
  const servers = pulumi.all(links.map(({ to }) => serversOf(to)));
  const egress = servers.apply((known) => egressRules(known.flat(), args.egress ?? []));
  const resources = [
    new ServiceAccount(
      `${prefix}-account`,
      { metadata: metadata(names.app), automountServiceAccountToken: false },
      options,
    ),
    ...contents.map(
      ({ part, type = "Opaque", data }) =>
        new Secret(
          `${prefix}-${part}`,
          { metadata: metadata(`${name}-${part}`), type, stringData: pulumi.secret(data) },
          { ...options, ...neverProtected },
        ),
    ),
    new NetworkPolicy(`${prefix}-policy`, networkPolicy(name, namespace, args.port, egress), options),
  ];
  const environments = contents.filter(({ type }) => type === undefined).map(({ data }) => data);
  const configuration = pulumi.unsecret(pulumi.all(environments).apply(fingerprintOf));
  return { options, namespace, resources, configuration };
}

/** A Secret of a region: what its pods have in their environment, unless it is of a type of its own. */
interface SecretContent {
  readonly part: string;
  readonly type?: "kubernetes.io/dockerconfigjson";
  readonly data: pulumi.Output<Record<string, string>>;
}

function secretsOf(
  region: string,
  { secrets, pullSecret }: PodParts["args"],
  links: PodParts["links"],
): SecretContent[] {
  return [
    ...links.map((link) => ({ part: secretParts.link(link.name), data: linkSecret(link, region) })),
    ...(secrets === undefined ? [] : [{ part: secretParts.secrets, data: pulumi.all(secrets) }]),
    ...(pullSecret === undefined
      ? []
      : [
          {
            part: secretParts.pullSecret,
            type: "kubernetes.io/dockerconfigjson" as const,
            data: pulumi
              .output(pullSecret)
              .apply((text): Record<string, string> => ({ ".dockerconfigjson": text })),
          },
        ]),
  ];
}

/** The namespace takes no other pods. */
const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };

/** A region's pods, and what they are called. */
export interface Release {
  readonly deployment: Deployment;
  readonly release: pulumi.Output<string>;
}

/** @param dependsOn What must be well before the region has a new version. */
export function createDeployment(
  plan: AppPlan,
  region: AppRegionPlan,
  { options, namespace, resources, configuration }: AppBase,
  parts: PodParts,
  dependsOn: readonly pulumi.Resource[],
): Release {
  const template = unnamedTemplate(parts, region, configuration);
  const release = pulumi.unsecret(pulumi.output(template).apply(fingerprintOf));
  return {
    release,
    deployment: new Deployment(
      `${plan.name}-${region.region}-deployment`,
      deployment(parts, region, namespace, template, release),
      { ...options, dependsOn: [...resources, ...dependsOn] },
    ),
  };
}

/** By which requests come to the pods of a region. */
export function createEntries(
  { name }: AppPlan,
  { region, settings }: AppRegionPlan,
  { options, namespace }: AppBase,
  { args }: PodParts,
): Service {
  const prefix = `${name}-${region}`;
  const own = new Service(
    `${prefix}-service`,
    service(name, namespace, args.port, settings.service),
    options,
  );
  const behind = { ...options, dependsOn: own };
  if (settings.ingress !== undefined) {
    new Ingress(`${prefix}-ingress`, ingress(name, namespace, settings.ingress), behind);
  }
  if (settings.gateway !== undefined) {
    const port = settings.service?.port ?? 80;
    new CustomResource(`${prefix}-route`, httpRoute(name, namespace, port, settings.gateway), behind);
  }
  return own;
}

/** How many pods a region has, and keeps. */
export function createScaling(
  { name }: AppPlan,
  { region, settings, runs }: AppRegionPlan,
  { options, namespace }: AppBase,
  { args }: PodParts,
  dependsOn: pulumi.Resource,
): void {
  const after = { ...options, dependsOn };
  if (args.disruptionBudget ?? true) {
    new PodDisruptionBudget(`${name}-${region}-budget`, disruptionBudget(name, namespace), options);
  }
  if (settings.autoscaling !== undefined && runs) {
    new HorizontalPodAutoscaler(
      `${name}-${region}-autoscaler`,
      autoscaler(name, namespace, settings.autoscaling),
      after,
    );
  }
}
