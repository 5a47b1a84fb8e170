// @ts-check
import { polling } from "./awaiter.mjs";

/** Only the token of a service account is filled in by the cluster. */
export const secret = polling(
  5,
  ({ type, data }) => type !== "kubernetes.io/service-account-token" || Object.keys(data ?? {}).length > 0,
);
