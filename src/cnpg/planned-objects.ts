import { loginRoles } from "../login-roles";
import type { PlannedObject, PlannedRegion } from "../kubernetes/objects";
import type { CnpgPostgresArgs } from "./args";
import { manifestNames, podMonitorName } from "./manifests/names";
import type { CnpgRegionPlan, CnpgTopologyPlan } from "./plan";

/**
 * Everything that the component creates in each region's cluster. Of an operator's release, two objects stand for all
 * of it.
 */
export function plannedObjects(plan: CnpgTopologyPlan, args: CnpgPostgresArgs): PlannedRegion[] {
  return plan.regions.map((region) => ({
    region: region.region,
    isLost: region.activity === "lost",
    cluster: args.regions[region.region]!,
    objects: [
      ...(args.createNamespace === false ? [] : [{ ...core("Namespace"), name: plan.namespace }]),
      ...(args.operator === undefined ? [] : operator),
      ...namespaced(plan, region, args).map((object) => ({ ...object, namespace: plan.namespace })),
    ],
  }));
}

function namespaced(plan: CnpgTopologyPlan, region: CnpgRegionPlan, args: CnpgPostgresArgs): PlannedObject[] {
  const names = manifestNames(plan.name);
  const services = [
    names.external,
    ...region.poolers.filter(({ wishes }) => wishes.port !== undefined).map(({ name }) => `${name}-external`),
  ];
  return [
    ...secretNames(plan, region, args).map((name) => ({ ...core("Secret"), name })),
    ...services.map((name) => ({ ...core("Service"), name })),
    { ...cnpg("Cluster"), name: region.cluster },
    ...region.poolers.map(({ name }) => ({ ...cnpg("Pooler"), name })),
    ...Object.keys(args.databases ?? {}).map((name) => ({ ...cnpg("Database"), name: names.database(name) })),
    ...(plan.origin === "recovery" ? [{ ...store, name: names.origin }] : []),
    ...backups(region, names.backup),
    ...(region.wishes.monitoring?.podMonitor === true
      ? [{ ...monitor, name: podMonitorName(region.cluster) }]
      : []),
  ];
}

function secretNames(plan: CnpgTopologyPlan, region: CnpgRegionPlan, args: CnpgPostgresArgs): string[] {
  const names = manifestNames(plan.name);
  const roles = ["postgres", plan.owner, ...Object.keys(loginRoles(args.roles))];
  return [
    ...certificateNames(plan, region),
    ...roles.map((role) => names.credentials(role)),
    ...(args.externalWriter === undefined ? [] : [names.externalWriter]),
    ...Object.keys(args.sharedSecrets ?? {}),
    ...(plan.origin === "clone" || plan.origin === "import" ? [names.origin] : []),
  ];
}

function certificateNames({ name, certificates }: CnpgTopologyPlan, { poolers }: CnpgRegionPlan): string[] {
  const names = manifestNames(name);
  if (certificates === "operator") {
    return [names.ca];
  }
  return certificates === "shared"
    ? [names.ca, names.server, names.replication, ...(poolers.length > 0 ? [names.pooler] : [])]
    : [];
}

function backups({ wishes: { backup } }: CnpgRegionPlan, name: string): PlannedObject[] {
  return backup === undefined
    ? []
    : [{ ...store, name }, ...(backup.schedule === undefined ? [] : [{ ...cnpg("ScheduledBackup"), name }])];
}

const core = (kind: string) => ({ apiVersion: "v1", kind });
const cnpg = (kind: string) => ({ apiVersion: "postgresql.cnpg.io/v1", kind });
const monitor = { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor" };
const store = { apiVersion: "barmancloud.cnpg.io/v1", kind: "ObjectStore" };

/** An operator that somebody else installed: a destruction would take its definitions, and with them every database. */
const operator: readonly PlannedObject[] = [
  { apiVersion: "v1", kind: "Namespace", name: "cnpg-system" },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    name: "clusters.postgresql.cnpg.io",
  },
];
