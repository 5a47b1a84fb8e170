// @ts-check
import { polling } from "./awaiter.mjs";

export const replicationController = polling(
  600,
  ({ metadata, spec, status }) =>
    status?.observedGeneration === metadata.generation &&
    (status?.availableReplicas ?? 0) === (spec.replicas ?? 1),
);
