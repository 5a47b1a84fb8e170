import * as pulumi from "@pulumi/pulumi";
import { declareObjects } from "../kubernetes/declare-objects";
import { refuseIfAny } from "../rules";
import type { RegionalAppArgs } from "./args";
import { fingerprintOf } from "./fingerprint";
import { deadlineOf, replicasOf, unnamedTemplate } from "./manifests/deployment";
import { urlOf } from "./manifests/entries";
import { migrationJob, timeoutOf } from "./manifests/job";
import { appNames } from "./manifests/names";
import type { PodParts } from "./manifests/pod";
import { plannedObjects } from "./planned-objects";
import { planApp, type AppPlan } from "./plan";
import type { AppRegions, Done } from "./provider/inputs";
import { createBase, createDeployment, createEntries, createScaling, type AppBase } from "./region-resources";
import { AppMigration, AppObjects, AppRollout } from "./resources";
import { appFailures } from "./rules";

/** The application in one region, as it comes out. */
export interface AppRegion {
  /** Whether there are pods: not where it is stopped, nor where the writer is elsewhere that it follows. */
  readonly running: boolean;

  /** The namespace of all that is in the region. */
  readonly namespace: pulumi.Output<string>;

  /** The name of the service in that namespace. */
  readonly service: string;

  /** The host name, or else the address, of a service that is a load balancer. */
  readonly address?: pulumi.Output<string>;

  /** Where the Ingress answers, if there is one. */
  readonly url?: string;

  /** The image that the region came up with: that of a lost one is what it had. */
  readonly image: pulumi.Output<string>;
}

/**
 * One application in many Kubernetes clusters. The pods find databases of any engine, new versions come region by
 * region, each when the one before it is well, and a migration runs once before all of them.
 *
 * Bad input is refused before anything is created, with one error that lists every failure.
 *
 * @example
 * ```ts
 * const shop = new RegionalApp("shop", {
 *   regions: {
 *     rome: { kubeconfig: config.requireSecret("rome") },
 *     lisbon: { kubeconfig: config.requireSecret("lisbon") },
 *   },
 *   image: "registry.example.com/shop:2",
 *   port: 8080,
 *   healthCheck: { path: "/healthz" },
 *   links: { db },
 *   migration: { command: ["./migrate"] },
 * });
 * ```
 */
export class RegionalApp extends pulumi.ComponentResource {
  /** The application in every region, by name. */
  readonly regions: Readonly<Record<string, AppRegion>>;

  constructor(name: string, args: RegionalAppArgs, options?: pulumi.ComponentResourceOptions) {
    refuseIfAny(`RegionalApp "${name}"`, appFailures(name, args));
    super("multi-region-postgres:index:RegionalApp", name, {}, options);
    const plan = planApp(name, args);
    const parts: PodParts = { name, args, links: plan.links };

    const objects = new AppObjects(`${name}-objects`, declareObjects(this, plannedObjects(plan, args)), {
      parent: this,
    });
    const bases = Object.fromEntries(
      plan.regions.map((region) => [region.region, createBase(this, plan, region, parts, objects)]),
    );
    const regions = accesses(plan, args, bases);
    const migrations =
      args.migration === undefined ? [] : [this.createMigration(plan, parts, bases, regions)];
    const rollouts = this.createRollouts(plan, parts, bases, regions, migrations);

    const entries = plan.regions.map((region): [string, AppRegion] => {
      const base = bases[region.region]!;
      const service = createEntries(plan, region, base, parts);
      createScaling(plan, region, base, parts, rollouts[region.region]!);
      const { ingress, service: { type } = {} } = region.settings;
      return [
        region.region,
        {
          running: region.runs,
          namespace: base.namespace,
          service: appNames(name).app,
          ...(type === "LoadBalancer" ? { address: addressOf(service.status) } : {}),
          ...(ingress === undefined ? {} : { url: urlOf(ingress) }),
          image: rollouts[region.region]!.done.apply((done) => done?.image ?? ""),
        },
      ];
    });
    this.regions = Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));

    this.registerOutputs({ regions: this.regions });
  }

  /** It comes after all that its pod needs, in whichever region it may have to run. */
  private createMigration(
    plan: AppPlan,
    parts: PodParts,
    bases: Readonly<Record<string, AppBase>>,
    regions: pulumi.Output<AppRegions>,
  ): AppMigration {
    const { name, args } = parts;
    const { command } = args.migration!;
    const region = plan.regions.find((each) => each.region === plan.migrating)!;
    return new AppMigration(
      `${name}-migration`,
      {
        app: name,
        fingerprint: pulumi.unsecret(
          pulumi.output(args.image).apply((image) => fingerprintOf({ image, command })),
        ),
        region: plan.migrating,
        job: pulumi.output(migrationJob(parts, region)),
        timeoutSeconds: timeoutOf(parts),
        regions,
      },
      { parent: this, dependsOn: Object.values(bases).flatMap(({ resources }) => resources) },
    );
  }

  /** Each region waits for the one before it, and the first for the migration. */
  private createRollouts(
    plan: AppPlan,
    parts: PodParts,
    bases: Readonly<Record<string, AppBase>>,
    regions: pulumi.Output<AppRegions>,
    first: readonly pulumi.Resource[],
  ): Record<string, AppRollout> {
    const { name, args } = parts;
    const common = pulumi.output(unnamedTemplate(parts, { settings: args }, ""));
    const version = pulumi.unsecret(common.apply(fingerprintOf));
    const rollouts: Record<string, AppRollout> = {};
    let before = first;
    for (const region of plan.regions) {
      const own = createDeployment(plan, region, bases[region.region]!, parts, before);
      const rollout = new AppRollout(
        `${name}-${region.region}-rollout`,
        {
          app: name,
          region: region.region,
          release: own.release,
          version,
          deadlineSeconds: deadlineOf(args),
          putBack: args.putBack ?? false,
          regions,
          finished: finishedOf(rollouts),
        },
        { parent: this, dependsOn: own.deployment },
      );
      rollouts[region.region] = rollout;
      before = [rollout];
    }
    return rollouts;
  }
}

function accesses(
  plan: AppPlan,
  args: RegionalAppArgs,
  bases: Readonly<Record<string, AppBase>>,
): pulumi.Output<AppRegions> {
  const known = plan.regions.map((planned) => {
    const { region, isLost } = planned;
    const replicas = replicasOf(planned);
    const { kubeconfig, context } = args.regions[region]!;
    const { namespace } = bases[region]!;
    const access = pulumi
      .all([pulumi.secret(kubeconfig), context, namespace])
      .apply(([text, name, space]) => ({
        isLost,
        ...(replicas === undefined ? {} : { replicas }),
        access: { region, kubeconfig: text, context: name ?? "", namespace: space },
      }));
    return [region, access] as const;
  });
  return pulumi.all(Object.fromEntries(known));
}

function finishedOf(rollouts: Readonly<Record<string, AppRollout>>): pulumi.Output<Record<string, Done>> {
  const regions = Object.keys(rollouts);
  return pulumi.all(regions.map((region) => rollouts[region]!.done)).apply((known) => {
    const entries = known.flatMap((done, index) =>
      done === undefined ? [] : [[regions[index]!, done] as const],
    );
    return Object.fromEntries(entries);
  });
}

interface LoadBalanced {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
  };
}

function addressOf(status: pulumi.Output<LoadBalanced | undefined>): pulumi.Output<string> {
  return status.apply((known) => {
    const [first] = known?.loadBalancer?.ingress ?? [];
    return first?.hostname ?? first?.ip ?? "";
  });
}
