import type { Client } from 'pg';

interface WallState {
  open_functions: string[] | null;
  public_temp: boolean;
  login_inherits: boolean;
  unforced: string[] | null;
}

const LOOK = `
SELECT (SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc p
         WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^(set_config|pg_(try_)?advisory_.*|pg_notify|lo_.*|loread|lowrite)$'
           AND has_function_privilege('public', p.oid, 'EXECUTE')) AS open_functions,
  has_database_privilege('public', current_database(), 'TEMPORARY') AS public_temp,
  coalesce((SELECT rolinherit FROM pg_roles WHERE rolname = $1), true) AS login_inherits,
  (SELECT array_agg(c.oid::regclass::text) FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('template') AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS unforced`;

/**
 * Whether the walls stand that nobody below a superuser can rebuild: what PUBLIC may execute, TEMPORARY, the login's inheritance, and forced
 * row-level security in schema `template`, from which every tenant is made.
 * @param login name of the tenants' login role
 * @throws with each gap
 */
export async function checkWalls(client: Pick<Client, 'query'>, login: string): Promise<void> {
  const { rows } = await client.query<WallState>(LOOK, [login]);
  const state = rows[0];
  const gaps = [
    ...(state?.open_functions ?? []).map((name) => `PUBLIC may execute ${name}`),
    ...(state?.public_temp ? ['PUBLIC may make temporary tables'] : []),
    ...(state?.login_inherits ? [`${login} inherits rights`] : []),
    ...(state?.unforced ?? []).map((name) => `${name} has no forced row-level security`),
  ];
  if (gaps.length > 0) throw new Error(gaps.join('; '));
}
