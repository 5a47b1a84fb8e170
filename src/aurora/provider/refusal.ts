import type { dynamic } from "@pulumi/pulumi";
import type { RefusalInputs } from "./inputs";

/** Is never created. */
export const refusal: dynamic.ResourceProvider<RefusalInputs, RefusalInputs> = {
  async check(_olds, { propertyPath, reason }) {
    return { failures: [{ property: propertyPath, reason }] };
  },

  async create({ propertyPath, reason }) {
    throw new Error(`${propertyPath}: ${reason}`);
  },
};
