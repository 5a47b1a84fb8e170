import { refusesEach, wrong, type Fault } from "./faults";

const labelValue = "must be a label's value: up to 63 letters, digits, hyphens, underscores and dots";

const faults: Fault[] = [
  wrong(
    "defaults.priorityClass",
    "High",
    'must be the name of a PriorityClass: lower-case letters, digits, hyphens and dots, not "High"',
  ),
  wrong("defaults.priorityClassName", "high", 'unknown property, did you mean "priorityClass"?'),
  wrong("defaults.startDelaySeconds", 0, "must be a whole number from 1 to 2147483647, not 0"),
  wrong("regions.rome.stopDelaySeconds", -1, "must be a whole number from 1 to 2147483647, not -1"),
  wrong("defaults.inheritedMetadata.labels.team", "a/b", `${labelValue}, not "a/b"`),
  wrong("defaults.inheritedMetadata.annotations.note", 5, "must be a text, not 5"),
  [
    "metadata that the operator keeps for itself",
    (args) => (args.defaults.inheritedMetadata = { labels: { "cnpg.io/cluster": "mine", "a b": "c" } }),
    'defaults.inheritedMetadata.labels["a b"]: must be named by the key of a label, such as example.com/team, not "a b"',
    'defaults.inheritedMetadata.labels["cnpg.io/cluster"]: must not begin with cnpg.io/, which the operator keeps for itself',
  ],
  [
    "environment that the operator sets, or nothing can",
    (args) => (args.defaults.env = { pgdata: "/", POD_NAME: "one", "A-B": "c", TZ: 5 }),
    "defaults.env.pgdata: is set by the operator",
    "defaults.env.POD_NAME: is set by the operator",
    'defaults.env["A-B"]: must be named by letters, digits and underscores, not a digit first, not "A-B"',
    "defaults.env.TZ: must be a text, not 5",
  ],
  wrong("defaults.serviceAccountAnnotations", [], "must be an object of texts, by key, not a list"),
];

describe("CnpgPostgres, of how pods run,", () => {
  refusesEach(faults);
});
