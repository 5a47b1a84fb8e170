import { names, refusesEach, wrong, type Fault } from "./faults";

const labelKey = "the key of a label, such as topology.kubernetes.io/zone";

const faults: Fault[] = [
  wrong("defaults.affinity", [], "must be an object of properties, not a list"),
  wrong("defaults.affinity.enablePodAntiAffinity", 1, "must be true or false, not 1"),
  wrong("defaults.affinity.podAntiAffinityType", "any", 'must be one of preferred, required, not "any"'),
  wrong("defaults.affinity.topologyKey", "a b", `must be ${labelKey}, not "a b"`),
  wrong("defaults.affinity.topologykey", "a", 'unknown property, did you mean "topologyKey"?'),
  wrong("defaults.affinity.nodeSelector", 1, "must be an object of labels' values, by key, not 1"),
  wrong(
    "defaults.affinity.nodeSelector.pool",
    "a/b",
    'must be a label\'s value: up to 63 letters, digits, hyphens, underscores and dots, not "a/b"',
  ),
  [
    "a label of nodes by no key",
    (args) => (args.defaults.affinity.nodeSelector = { "a/b/c": "d" }),
    `defaults.affinity.nodeSelector["a/b/c"]: must be named by ${labelKey}, not "a/b/c"`,
  ],
  [
    "tolerations of nothing that there is",
    (args) =>
      (args.defaults.affinity.tolerations = [
        { key: "a b", operator: "Lt", effect: "Never", tolerationSeconds: -1 },
        5,
      ]),
    'defaults.affinity.tolerations[0].key: must be the key of a taint, not "a b"',
    'defaults.affinity.tolerations[0].operator: must be one of Equal, Exists, not "Lt"',
    'defaults.affinity.tolerations[0].effect: must be one of NoSchedule, PreferNoSchedule, NoExecute, not "Never"',
    "defaults.affinity.tolerations[0].tolerationSeconds: must be a whole number of 0 or more, not -1",
    'defaults.affinity.tolerations[0].effect: must be "NoExecute" where there are tolerationSeconds',
    "defaults.affinity.tolerations[1]: must be an object of properties, not 5",
  ],
  [
    "tolerations at odds with themselves",
    (args) =>
      (args.defaults.affinity.tolerations = [{ value: "a" }, { operator: "Exists", value: "a", keys: "b" }]),
    'defaults.affinity.tolerations[0].operator: must be "Exists" where there is no key',
    'defaults.affinity.tolerations[1].keys: unknown property, did you mean "key"?',
    'defaults.affinity.tolerations[1].value: must not be given where operator is "Exists"',
  ],
  wrong(
    "defaults.affinity.nodeAffinity",
    {},
    "must have requiredDuringSchedulingIgnoredDuringExecution or preferredDuringSchedulingIgnoredDuringExecution",
  ),
  [
    "constraints that say nothing",
    (args) => (args.defaults.topologySpreadConstraints = [{ maxskew: 1 }, null]),
    'defaults.topologySpreadConstraints[0].maxskew: unknown property, did you mean "maxSkew"?',
    "defaults.topologySpreadConstraints[0].maxSkew: is missing: must be a whole number of 1 or more",
    `defaults.topologySpreadConstraints[0].topologyKey: is missing: must be ${labelKey}`,
    "defaults.topologySpreadConstraints[0].whenUnsatisfiable: is missing: must be one of DoNotSchedule, ScheduleAnyway",
    "defaults.topologySpreadConstraints[1]: must be an object of properties, not null",
  ],
  [
    "libraries by no name",
    (args) => (args.defaults.sharedPreloadLibraries = ["a,b", ""]),
    'defaults.sharedPreloadLibraries[0]: must be the name of a library, such as pg_stat_statements, not "a,b"',
    'defaults.sharedPreloadLibraries[1]: must be the name of a library, such as pg_stat_statements, not ""',
  ],
  wrong("defaults.primaryUpdateMethod", "switch", 'must be one of restart, switchover, not "switch"'),
  wrong("defaults.logLevel", "warn", 'must be one of error, warning, info, debug, trace, not "warn"'),
  wrong("defaults.podDisruptionBudget", 0, "must be true or false, not 0"),
  wrong("defaults.readOnlyServices", "yes", 'must be true or false, not "yes"'),
  wrong("defaults.monitoring.podmonitor", true, 'unknown property, did you mean "podMonitor"?'),
  wrong("defaults.monitoring.podMonitor", 1, "must be true or false, not 1"),
  [
    "queries of nowhere",
    (args) =>
      (args.defaults.monitoring.customQueriesConfigMaps = [{ name: "A" }, { name: "a", key: "../b" }]),
    `defaults.monitoring.customQueriesConfigMaps[0].name: must be the name of a ConfigMap: ${names}, not "A"`,
    "defaults.monitoring.customQueriesConfigMaps[0].key: is missing: must be a key of the ConfigMap",
    'defaults.monitoring.customQueriesConfigMaps[1].key: must be a key of the ConfigMap, not "../b"',
  ],
];

describe("CnpgPostgres, of where instances run,", () => {
  refusesEach(faults);
});
