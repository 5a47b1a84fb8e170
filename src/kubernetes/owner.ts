import type * as pulumi from "@pulumi/pulumi";
import { randomBytes } from "node:crypto";

/**
 * An annotation that begins with this names an owner of the object: the rest of its key is the owner's id, its value
 * the URN of the component. A URN alone is not enough, since two states can have stacks of one name. Every owner has a
 * key of its own, so that two components whose states both have an object since version 0.1.0 can both go on.
 */
const ownerPrefix = "multi-region-postgres/owner-";

/** The resource that decides the owner, and that everything of a region waits for. */
export type OwningResource = pulumi.Resource & { readonly objectOwner: pulumi.Output<string | undefined> };

/** An object as its API server has it, as far as it is looked at. */
export interface LiveObject {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string }[];
  };
}

/** The owner that a component's objects name, from its first update on. */
export function newOwner(urn: string): string {
  return `${urn}#${randomBytes(8).toString("hex")}`;
}

/** The annotation that names an owner. */
export function ownerAnnotation(owner: string): Record<string, string> {
  const end = owner.lastIndexOf("#");
  return { [ownerPrefix + owner.slice(end + 1)]: owner.slice(0, end) };
}

/**
 * Whose an object is. An object of Pulumi that names no owner is `unknown`: versions until 0.1.0 named none.
 *
 * @param owner The component that asks.
 */
export function judgeOwner(live: LiveObject, owner: string): "own" | "unknown" | "foreign" {
  const { annotations = {}, managedFields = [] } = live.metadata;
  if (Object.keys(ownerAnnotation(owner)).some((key) => key in annotations)) {
    return "own";
  }
  const isOfPulumi = managedFields.some(({ manager }) => pulumiManager.test(manager));
  return isOfPulumi && ownerOf(live) === undefined ? "unknown" : "foreign";
}

const pulumiManager = /^(pulumi-kubernetes|multi-region-postgres$)/;

/** The owner that an object names, for an error: undefined where it names none. */
export function describeOwner(live: LiveObject): string | undefined {
  const [, stack, project, type, name] = urnParts.exec(ownerOf(live) ?? "") ?? [];
  return type === undefined
    ? undefined
    : `the ${type.split(":").at(-1)} "${name}" of a stack ${stack} of the project ${project}`;
}

const urnParts = /^urn:pulumi:([^:]+)::([^:]+)::(?:.*\$)?([^$]+)::(.+)$/;

function ownerOf({ metadata: { annotations = {} } }: LiveObject): string | undefined {
  return Object.entries(annotations).find(([key]) => key.startsWith(ownerPrefix))?.[1];
}
