import { dynamic, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { HandoverInputs, HandoverOutputs, PasswordInputs, RefusalInputs } from "./provider/inputs";

type Inputs<T> = { [K in keyof T]: Input<T[K]> };

// Each closure is nothing but a `require`: its text is part of the state, and whatever else it held would
// show up as a change at every upgrade of this package.
const handoverProvider: dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-multi-region-postgres/aurora/provider").handover.configure(request),
  check: (olds, news) => require("pulumi-multi-region-postgres/aurora/provider").handover.check(olds, news),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/aurora/provider").handover.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/aurora/provider").handover.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/aurora/provider").handover.update(id, olds, news),
};

const passwordProvider: dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-multi-region-postgres/aurora/provider").password.configure(request),
  diff: (id, olds, news) =>
    require("pulumi-multi-region-postgres/aurora/provider").password.diff(id, olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/aurora/provider").password.create(inputs),
  update: (id, olds, news) =>
    require("pulumi-multi-region-postgres/aurora/provider").password.update(id, olds, news),
};

const refusalProvider: dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-multi-region-postgres/aurora/provider").refusal.check(olds, news),
  create: (inputs) => require("pulumi-multi-region-postgres/aurora/provider").refusal.create(inputs),
};

const typeModule = "multi-region-postgres";

/** The passing of the writer's role. */
export class AuroraHandover extends dynamic.Resource {
  declare readonly report: Output<HandoverOutputs["report"]>;
  declare readonly globalWriterHost: Output<string>;
  declare readonly dangers: Output<readonly string[] | undefined>;

  constructor(name: string, inputs: HandoverInputs, options: CustomResourceOptions) {
    super(
      handoverProvider,
      name,
      { ...inputs, report: undefined, globalWriterHost: undefined, dangers: undefined },
      options,
      typeModule,
      "AuroraHandover",
    );
  }
}

/**
 * What is refused once the program runs, and not by its arguments alone. The engine refuses it: a program within another
 * one (Pulumi's automation API) that fails by itself would wait for ever for what it has not registered.
 */
export class AuroraRefusal extends dynamic.Resource {
  constructor(name: string, inputs: RefusalInputs) {
    super(refusalProvider, name, { ...inputs }, {}, typeModule, "AuroraRefusal");
  }
}

/** The owner's password, as it was last applied. */
export class AuroraPassword extends dynamic.Resource {
  constructor(name: string, inputs: Inputs<PasswordInputs>, options: CustomResourceOptions) {
    super(
      passwordProvider,
      name,
      { ...inputs },
      { ...options, additionalSecretOutputs: ["password"] },
      typeModule,
      "AuroraPassword",
    );
  }
}
