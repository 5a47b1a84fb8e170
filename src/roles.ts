/** The role that the tools log in as. */
export const superuser = "postgres";

/** The role that readers log in as, by certificate: the name that CloudNativePG uses too. */
export const replicationRole = "streaming_replica";
