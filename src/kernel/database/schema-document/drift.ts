import type { Client } from 'pg';
import { readSchema, type CatalogSchema } from './catalog.js';

export interface Drift {
  schema: string;
  /** one sentence a difference */
  differences: string[];
}

interface Place {
  id: string;
  schema: string;
  role: string;
  status: string;
}

const PLACES = `SELECT id, schema_name::text AS schema, role_name::text AS role, status FROM shared.tenants
 WHERE status NOT IN ('provisioning', 'deleting') ORDER BY status <> 'template', schema_name`;

// the two halves of a person: what log-in knows and what the tenant knows
const HALVES = `SELECT coalesce(u.id, t.id) AS id, u.id IS NULL AS unknown, t.id IS NULL AS homeless
  FROM users u FULL JOIN (SELECT * FROM shared.tenant_users WHERE tenant_id = $1) t ON t.id = u.id
 WHERE u.id IS NULL OR t.id IS NULL
    OR (u.email::text, u.full_name::text, u.role::text, u.is_active) IS DISTINCT FROM (t.email::text, t.full_name, t.role, t.is_active) ORDER BY 1`;

/**
 * Compares every tenant's schema with schema `template`: tables, columns, constraints, indexes, triggers, policies, forced row security,
 * rights, views and functions; and the people of both with the log-in directory. Reads only.
 * @param client an administrator's; its search_path is changed
 * @returns one entry a tenant looked at, the template left out
 */
export async function findDrift(client: Client): Promise<Drift[]> {
  const { rows: places } = await client.query<Place>(PLACES);
  const [template, ...tenants] = places;
  if (template?.status !== 'template') throw new Error('schema template is missing: run `npx fluxion db migrate`');
  const wanted = factsOf(await readSchema(client, template.schema), template);
  const drifts: Drift[] = [];
  for (const place of tenants) {
    const found = factsOf(await readSchema(client, place.schema), place);
    const hasPeople = found.has('table users');
    drifts.push({
      schema: place.schema,
      differences: [...compare(wanted, found), ...(hasPeople ? await unequalHalves(client, place) : [])],
    });
  }
  return drifts;
}

/** Everything a schema holds, by name; what only this tenant can have (its id, its role, its schema) is taken out. */
function factsOf({ tables, views, functions }: CatalogSchema, place: Place): Map<string, string> {
  const facts = new Map<string, string>();
  const own = new RegExp(String.raw`(?<![\w$"])"?${place.schema}"?\.`, 'g');
  const note = (name: string, ...parts: unknown[]) => {
    const plain = (text: string) => text.replaceAll(place.id, '{id}').replaceAll(place.role, '{role}').replaceAll(own, '');
    facts.set(plain(name), plain(parts.join(' | ')));
  };
  for (const table of tables) {
    note(`table ${table.name}`, `row security ${table.rowSecurity}`);
    for (const { name, type, nullable, expression, generated } of table.columns) {
      note(`column ${table.name}.${name}`, type, nullable ? 'null' : 'not null', expression, generated);
    }
    const { constraints, indexes, triggers, policies, rights } = table;
    for (const [kind, list] of Object.entries({
      constraint: constraints,
      index: indexes,
      trigger: triggers,
      policy: policies,
      rights,
    })) {
      for (const { name, text } of list) note(`${kind} ${table.name} ${name}`, text);
    }
  }
  for (const { name, columns } of views) note(`view ${name}`, ...columns.map((column) => `${column.name} ${column.text}`));
  for (const { name, arguments: args, returns, definer, body } of functions)
    note(`function ${name}(${args})`, returns, definer, body);
  return facts;
}

function compare(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  const differences: string[] = [];
  for (const [name, text] of wanted) {
    const other = found.get(name);
    if (other === undefined) differences.push(`${name} is missing`);
    else if (other !== text)
      differences.push(name.startsWith('function ') ? `${name} differs` : `${name} is "${other}", not "${text}"`);
  }
  for (const name of found.keys()) if (!wanted.has(name)) differences.push(`${name} is not in the template`);
  return differences;
}

/** On the search_path of the schema that was read last. */
async function unequalHalves(client: Client, { id }: Place): Promise<string[]> {
  const { rows } = await client.query<{ id: string; unknown: boolean; homeless: boolean }>(HALVES, [id]);
  return rows.map((row) => {
    if (row.unknown) return `person ${row.id} is in the log-in directory only`;
    return `person ${row.id} ${row.homeless ? 'cannot be found by log-in' : 'is another one in the log-in directory'}`;
  });
}
