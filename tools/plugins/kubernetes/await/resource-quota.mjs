// @ts-check
import { isDeepStrictEqual } from "node:util";
import { polling } from "./awaiter.mjs";

export const resourceQuota = polling(
  60,
  ({ spec, status }) => status?.hard !== undefined && isDeepStrictEqual(spec?.hard, status.hard),
);
