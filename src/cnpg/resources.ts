import { dynamic, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { DeclaredObjects, ObjectsInputs } from "../kubernetes/objects";
import type {
  FoundingNews,
  HandoverOutputs,
  KeptParameters,
  PoolersInputs,
  PreflightInputs,
  ReplicationInputs,
  TopologyInputs,
} from "./provider/inputs";

/** What a resource is given of which its provider sees the values. */
export type InputsOf<T> = { [K in keyof T]: Input<T[K] extends object ? InputsOf<T[K]> : T[K]> };

// Each closure is nothing but a `require`: its text is part of the state, and whatever else it held would
// show up as a change at every upgrade of this package.
const foundingProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/cnpg/provider").founding.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").founding.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/cnpg/provider").founding.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").founding.update(id, olds, news),
};

const preflightProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/cnpg/provider").preflight.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").preflight.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/cnpg/provider").preflight.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").preflight.update(id, olds, news),
};

const handoverProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/cnpg/provider").handover.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").handover.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/cnpg/provider").handover.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").handover.update(id, olds, news),
};

const replicationProvider: dynamic.ResourceProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").replication.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/cnpg/provider").replication.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").replication.update(id, olds, news),
};

const poolersProvider: dynamic.ResourceProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").poolers.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/cnpg/provider").poolers.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/cnpg/provider").poolers.update(id, olds, news),
};

/** What a founding is given, with what each region is about to have. */
type DeclaredFounding = Omit<FoundingNews, keyof ObjectsInputs> & DeclaredObjects;

const typeModule = "multi-region-postgres";

/** What the first update decided. */
export class CnpgFounding extends dynamic.Resource {
  /** The region where the database was first created. */
  declare readonly primary: Output<string>;
  declare readonly namespace: Output<string>;
  declare readonly objectOwner: Output<string | undefined>;

  constructor(name: string, inputs: DeclaredFounding, options: CustomResourceOptions) {
    super(foundingProvider, name, { ...inputs, objectOwner: undefined }, options, typeModule, "CnpgFounding");
  }
}

/** What has to be so before anything is changed. */
export class CnpgPreflight extends dynamic.Resource {
  declare readonly kept: Output<KeptParameters | undefined>;

  constructor(name: string, inputs: InputsOf<Omit<PreflightInputs, "kept">>, options: CustomResourceOptions) {
    super(preflightProvider, name, { ...inputs, kept: undefined }, options, typeModule, "CnpgPreflight");
  }
}

/** The passing of the writer's role. */
export class CnpgHandover extends dynamic.Resource {
  declare readonly report: Output<HandoverOutputs["report"]>;
  declare readonly token: Output<string>;
  declare readonly dangers: Output<readonly string[] | undefined>;

  constructor(name: string, inputs: InputsOf<TopologyInputs>, options: CustomResourceOptions) {
    super(
      handoverProvider,
      name,
      { ...inputs, report: undefined, token: undefined, dangers: undefined },
      options,
      typeModule,
      "CnpgHandover",
    );
  }
}

/** The writer's writing, and every reader's following. */
export class CnpgReplication extends dynamic.Resource {
  declare readonly writableSince: Output<string>;

  constructor(name: string, inputs: InputsOf<ReplicationInputs>, options: CustomResourceOptions) {
    super(
      replicationProvider,
      name,
      { ...inputs, writableSince: undefined },
      options,
      typeModule,
      "CnpgReplication",
    );
  }
}

/** The poolers' taking connections. */
export class CnpgPoolers extends dynamic.Resource {
  constructor(name: string, inputs: InputsOf<PoolersInputs>, options: CustomResourceOptions) {
    super(poolersProvider, name, { ...inputs }, options, typeModule, "CnpgPoolers");
  }
}
