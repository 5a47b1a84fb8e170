import * as pulumi from "@pulumi/pulumi";
import { objectText, type DeclaredObjects, type PlannedRegion } from "./objects";

/** The inputs by which a provider of ours sees what a component is about to create. */
export function declareObjects(
  component: pulumi.Resource,
  regions: readonly PlannedRegion[],
): DeclaredObjects {
  const present = regions.filter(({ isLost }) => !isLost);
  return {
    objects: Object.fromEntries(
      regions.map(({ region, objects }) => [
        region,
        pulumi.output(objects).apply((planned) => planned.map(objectText)),
      ]),
    ),
    clusters: Object.fromEntries(
      present.map(({ region, cluster: { kubeconfig, context } }) => [
        region,
        pulumi
          .all([pulumi.secret(kubeconfig), context])
          .apply(([text, name]) => ({ region, kubeconfig: text, context: name ?? "" })),
      ]),
    ),
    component: urnOf(component),
  };
}

/** The output `urn` itself makes everything that takes it wait for all children of the component. */
function urnOf({ urn }: pulumi.Resource): pulumi.Output<string> {
  return pulumi.output(new Promise<string>((resolve) => urn.apply(resolve)));
}
