/** The role as which poolers look up passwords: the operator's name for it, which its pg_hba.conf lets in. */
export const poolerRole = "cnpg_pooler_pgbouncer";

/**
 * Makes that role and what it may ask, in the database `postgres`, as the operator does. The operator does so in the
 * writer's region alone, if it has a pooler there and has made its certificate: a reader's pooler would wait for it.
 */
export const createPoolerRole = `
DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${poolerRole}') THEN
    CREATE ROLE ${poolerRole} WITH LOGIN;
    GRANT CONNECT ON DATABASE postgres TO ${poolerRole};
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = 'user_search' AND proconfig IS NOT NULL) THEN
    CREATE OR REPLACE FUNCTION public.user_search(uname text) RETURNS TABLE (usename name, passwd text)
      AS 'SELECT usename, passwd FROM pg_catalog.pg_shadow WHERE usename=$1;'
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
    REVOKE ALL ON FUNCTION public.user_search(text) FROM public;
    GRANT EXECUTE ON FUNCTION public.user_search(text) TO ${poolerRole};
  END IF;
END
$do$`;
