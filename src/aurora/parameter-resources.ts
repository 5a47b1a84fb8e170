import { ClusterParameterGroup } from "@pulumi/aws/rds/clusterParameterGroup";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup";
import { all, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import type { ParameterValue } from "../topology";
import type { Tags } from "./global-resources";
import { clusterParameters, parameterText } from "./parameters";
import type { AuroraRegionPlan, AuroraTopologyPlan } from "./plan";
import { recoveryPointOf } from "./recovery-point";

/** The parameter groups of a region's cluster and of its instances. */
export interface RegionParameters {
  readonly cluster: ClusterParameterGroup;
  readonly instances: ParameterGroup;
}

/** Alike in every region but for the recovery point: a promotion takes nothing along from the old writer. */
export function createParameters(
  plan: AuroraTopologyPlan,
  own: AuroraRegionPlan,
  wishes: Readonly<Record<string, Input<ParameterValue>>>,
  tags: Tags,
  options: CustomResourceOptions,
): RegionParameters {
  const { name, identifier, parameterFamily } = plan;
  const { region, awsRegion, names } = own;
  const group = {
    region: awsRegion,
    name: names.parameters,
    description: `${identifier} in ${awsRegion}`,
    family: parameterFamily,
    tags,
  };
  const parameters = all(wishes).apply((values) =>
    clusterParameters(
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key, parameterText(value)])),
      recoveryPointOf(plan, own),
    ).map((parameter) => ({ ...parameter })),
  );
  return {
    cluster: new ClusterParameterGroup(`${name}-${region}-parameters`, { ...group, parameters }, options),
    instances: new ParameterGroup(`${name}-${region}-parameters`, group, options),
  };
}
