import { dynamic, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { HandoverReport } from "../topology";
import type { HandoverInputs, ReplicationInputs, ServerInputs } from "./provider/inputs";

type Inputs<T> = { [K in keyof T]: Input<T[K]> };

// Each closure is nothing but a `require`: its text is part of the state, and whatever else it held would
// show up as a change at every upgrade of this package.
const serverProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/local/provider").server.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").server.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").server.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").server.update(id, olds, news),
  read: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").server.read(id, outputs),
  delete: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").server.delete(id, outputs),
};

const replicationProvider: dynamic.ResourceProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").replication.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").replication.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").replication.update(id, olds, news),
  read: (id, outputs) => require("pulumi-multi-region-postgres/local/provider").replication.read(id, outputs),
};

const handoverProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/local/provider").handover.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").handover.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/local/provider").handover.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/local/provider").handover.update(id, olds, news),
  delete: (id, outputs) =>
    require("pulumi-multi-region-postgres/local/provider").handover.delete(id, outputs),
};

const typeModule = "multi-region-postgres";

/** A region's server: its folder, its process, and whether it may write. */
export class LocalServer extends dynamic.Resource {
  declare readonly port: Output<number>;

  constructor(name: string, inputs: Inputs<ServerInputs>, options: CustomResourceOptions) {
    super(
      serverProvider,
      name,
      { ...inputs, status: undefined, version: undefined },
      options,
      typeModule,
      "LocalServer",
    );
  }
}

/** A region's following of the writer. */
export class LocalReplication extends dynamic.Resource {
  constructor(name: string, inputs: Inputs<ReplicationInputs>, options: CustomResourceOptions) {
    super(
      replicationProvider,
      name,
      { ...inputs, state: undefined },
      options,
      typeModule,
      "LocalReplication",
    );
  }
}

/** The passing of the writer's role. */
export class LocalHandover extends dynamic.Resource {
  declare readonly report: Output<HandoverReport>;
  declare readonly dangers: Output<readonly string[] | undefined>;

  constructor(name: string, inputs: Inputs<HandoverInputs>, options: CustomResourceOptions) {
    super(
      handoverProvider,
      name,
      { ...inputs, report: undefined, dangers: undefined },
      options,
      typeModule,
      "LocalHandover",
    );
  }
}
