import { refusesEach, wrong, type Fault } from "./faults";

const faults: Fault[] = [
  wrong("defaults.synchronous.method", "all", 'must be one of any, first, not "all"'),
  wrong("defaults.synchronous.number", 0, "must be a whole number of 1 or more, not 0"),
  wrong("defaults.synchronous.dataDurability", "local", 'must be one of required, preferred, not "local"'),
  wrong("defaults.synchronous.failoverQuorum", "yes", 'must be true or false, not "yes"'),
  wrong("defaults.synchronous.numbr", 1, 'unknown property, did you mean "number"?'),
  [
    "no number",
    (args) => (args.defaults.synchronous = {}),
    "defaults.synchronous.number: is missing: must be a whole number of 1 or more",
  ],
  [
    "as many as there are, once for all regions",
    (args) => (args.defaults.synchronous.number = 3),
    "defaults.synchronous.number: must be less than the number of instances, 3 by defaults.instances, not 3",
  ],
  [
    "more than a region has",
    (args) => (args.regions.rome.instances = 2),
    "defaults.synchronous.number: must be less than the number of instances, 2 by regions.rome.instances, not 2",
    "defaults.synchronous.failoverQuorum: must not be true with fewer than 3 instances: there are 2 by regions.rome.instances",
  ],
  [
    "more than there are by default",
    (args) => {
      delete args.defaults.instances;
      delete args.defaults.poolers;
      args.defaults.synchronous = undefined;
      args.regions.rome.synchronous = { number: 1 };
    },
    "regions.rome.synchronous.number: must be less than the number of instances, 1 by default, not 1",
  ],
  [
    "a second instance that every commit would wait for",
    (args) => {
      args.durability = "region";
      args.defaults.synchronous = undefined;
      args.regions.lisbon.instances = 2;
    },
    'regions.lisbon.instances: must be 1, or 3 or more, where durability is "region", not 2: every commit would wait for the second instance, and no one could write while it is away',
  ],
  [
    "what durability decides",
    (args) => {
      args.durability = "region";
      args.regions.rome.synchronous = { number: 1 };
    },
    'regions.rome.synchronous: must not be given where durability is "region", which decides it',
    'defaults.synchronous: must not be given where durability is "region", which decides it',
  ],
];

describe("CnpgPostgres, of synchronous replication within a region,", () => {
  refusesEach(faults);
});
