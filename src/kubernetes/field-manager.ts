/** Under this name `pulumi up` owns the fields of a `Cluster`, and of one that is made anew in between. */
export const fieldManager = "multi-region-postgres";

/** Whatever else is changed for a moment: another name, so that Pulumi has nothing to take over from it. */
export const passingFieldManager = "handover-of-multi-region-postgres";
