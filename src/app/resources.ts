import { dynamic, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { DeclaredObjects } from "../kubernetes/objects";
import type { Done, MigrationInputs, RolloutInputs } from "./provider/inputs";

type Inputs<T> = { [K in keyof T]: Input<T[K]> };

// Each closure is nothing but a `require`: its text is part of the state, and whatever else it held would
// show up as a change at every upgrade of this package.
const rolloutProvider: dynamic.ResourceProvider = {
  diff: (id, olds, news) => require("pulumi-multi-region-postgres/app/provider").rollout.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/app/provider").rollout.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/app/provider").rollout.update(id, olds, news),
};

const migrationProvider: dynamic.ResourceProvider = {
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/app/provider").migration.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/app/provider").migration.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/app/provider").migration.update(id, olds, news),
  delete: (id, props) => require("pulumi-multi-region-postgres/app/provider").migration.delete(id, props),
};

const objectsProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/app/provider").objects.check(olds, news),
  diff: (id, olds, news) => require("pulumi-multi-region-postgres/app/provider").objects.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/app/provider").objects.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/app/provider").objects.update(id, olds, news),
};

const typeModule = "multi-region-postgres";

/** The objects of a component in its regions: none of somebody else is adopted. */
export class AppObjects extends dynamic.Resource {
  declare readonly objectOwner: Output<string | undefined>;

  constructor(name: string, inputs: DeclaredObjects, options: CustomResourceOptions) {
    super(objectsProvider, name, { ...inputs, objectOwner: undefined }, options, typeModule, "AppObjects");
  }
}

/** The coming up of a region's pods. */
export class AppRollout extends dynamic.Resource {
  /** What the region has run since it last came up well; undefined where it was lost before it ever did. */
  declare readonly done: Output<Done | undefined>;

  constructor(name: string, inputs: Inputs<RolloutInputs>, options: CustomResourceOptions) {
    super(rolloutProvider, name, { ...inputs, done: undefined }, options, typeModule, "AppRollout");
  }
}

/** The migration of a version. */
export class AppMigration extends dynamic.Resource {
  constructor(name: string, inputs: Inputs<MigrationInputs>, options: CustomResourceOptions) {
    super(migrationProvider, name, { ...inputs, done: undefined }, options, typeModule, "AppMigration");
  }
}
