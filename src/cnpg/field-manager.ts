/** Under this name `pulumi up` owns the fields of a `Cluster`, and whatever of ours changes one in between. */
export const fieldManager = "multi-region-postgres";
