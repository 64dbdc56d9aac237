import type { Client } from 'pg';

/** A column as the catalog knows it; types and expressions as PostgreSQL prints them. */
export interface CatalogColumn {
  name: string;
  type: string;
  nullable: boolean;
  /** default, or the expression of a generated column */
  expression: string | null;
  generated: boolean;
  comment: string | null;
}

export interface NamedText {
  name: string;
  text: string;
}

export interface CatalogTable {
  name: string;
  comment: string | null;
  rowSecurity: 'forced' | 'enabled' | 'none';
  columns: CatalogColumn[];
  constraints: NamedText[];
  /** those that no constraint makes */
  indexes: NamedText[];
  triggers: NamedText[];
  policies: NamedText[];
  /** what each role may do, columns included; the document leaves them out */
  rights: NamedText[];
}

export interface CatalogView {
  name: string;
  comment: string | null;
  columns: NamedText[];
}

export interface CatalogFunction {
  name: string;
  arguments: string;
  returns: string;
  definer: boolean;
  comment: string | null;
  /** its text; the document leaves it out */
  body: string;
}

export interface CatalogSchema {
  name: string;
  tables: CatalogTable[];
  views: CatalogView[];
  functions: CatalogFunction[];
}

// Partitions and chunks repeat their table; what an extension adds to it is the extension's.
const ownOf = (oid: string) => `NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = ${oid} AND d.deptype = 'e')`;
const listOf = (name: string, text: string, from: string) =>
  `(SELECT coalesce(jsonb_agg(jsonb_build_object('name', ${name}, 'text', ${text}) ORDER BY ${name}), '[]') FROM ${from})`;

const POLICY = `concat_ws(' ', 'for', CASE p.polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' ELSE 'delete' END,
  'to', CASE WHEN p.polroles = '{0}' THEN 'public' ELSE (SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)) END,
  'using ' || pg_get_expr(p.polqual, p.polrelid), 'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))`;

const roleOf = `CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END`;
const RIGHTS = `(SELECT ${roleOf} AS name, string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type) AS text FROM aclexplode(c.relacl) g GROUP BY g.grantee
  UNION ALL SELECT ${roleOf} || ' ' || a.attname, string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM pg_attribute a, aclexplode(a.attacl) g WHERE a.attrelid = c.oid AND NOT a.attisdropped GROUP BY g.grantee, a.attname) r`;

const TABLES = `
SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
  CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' ELSE 'none' END AS "rowSecurity",
  (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
          'expression', pg_get_expr(e.adbin, e.adrelid), 'generated', a.attgenerated <> '',
          'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
     FROM pg_attribute a LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  ${listOf('k.conname', 'pg_get_constraintdef(k.oid)', `pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')`)} AS constraints,
  ${listOf('i.relname', 'pg_get_indexdef(i.oid)', `pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x'))`)} AS indexes,
  ${listOf('t.tgname', `pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'D' THEN ' DISABLED' ELSE '' END`, `pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND ${ownOf('f.oid')}`)} AS triggers,
  ${listOf('p.polname', POLICY, `pg_policy p WHERE p.polrelid = c.oid`)} AS policies,
  ${listOf('r.name', 'r.text', RIGHTS)} AS rights
  FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ownOf('c.oid')}
 ORDER BY c.relname`;

const VIEWS = `
SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
  (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'text', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('v', 'm') AND ${ownOf('c.oid')} ORDER BY c.relname`;

const FUNCTIONS = `
SELECT f.proname AS name, pg_get_function_identity_arguments(f.oid) AS arguments, pg_get_function_result(f.oid) AS returns,
       f.prosecdef AS definer, obj_description(f.oid, 'pg_proc') AS comment, coalesce(pg_get_function_sqlbody(f.oid), f.prosrc) AS body
  FROM pg_proc f WHERE f.pronamespace = $1::regnamespace AND f.prokind IN ('f', 'p') AND ${ownOf('f.oid')}
 ORDER BY f.proname, pg_get_function_identity_arguments(f.oid)`;

/**
 * What one schema holds, in the catalog's words. Names of its own and of `ext` come without their schema.
 * @param client an owner's; its search_path is changed for the session
 */
export async function readSchema(client: Client, name: string): Promise<CatalogSchema> {
  await client.query("SELECT set_config('search_path', $1, false)", [`${client.escapeIdentifier(name)}, ext`]);
  const { rows: tables } = await client.query<CatalogTable>(TABLES, [name]);
  const { rows: views } = await client.query<CatalogView>(VIEWS, [name]);
  const { rows: functions } = await client.query<CatalogFunction>(FUNCTIONS, [name]);
  return { name, tables, views, functions };
}
