import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findDrift } from '../../../src/kernel/database/schema-document/drift.js';
import { withClient } from '../../../src/kernel/database/topology.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

const CLI = path.resolve(import.meta.dirname, '../../../dist/cli.js');

let db: MediumDatabase;
beforeAll(async () => {
  db = await openMediumDatabase('drift');
});
afterAll(() => db.close());

const look = async () => {
  const drifts = await withClient({ connectionString: db.url }, findDrift);
  return new Map(drifts.map(({ schema, differences }) => [schema, differences]));
};

describe('findDrift', () => {
  it('should find fresh tenants equal to the template', async () => {
    const drifts = await look();
    expect([drifts.get(db.acme.schema), drifts.get(db.beta.schema)]).toEqual([[], []]);
  });

  it('should need no superuser', async () => {
    const { rows } = await db.root.query<{ owner: string }>(
      "SELECT nspowner::regrole::text AS owner FROM pg_namespace WHERE nspname = 'shared'",
    );
    const drifts = await withClient({ connectionString: db.url, options: `-c role=${rows[0]?.owner}` }, findDrift);
    expect(drifts.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(drifts.map(({ schema }) => schema)).toEqual(expect.arrayContaining([db.acme.schema, db.beta.schema]));
  });

  it.each([
    ['a missing table', () => 'DROP TABLE %.clients CASCADE', 'table clients is missing'],
    ['a missing column', () => 'ALTER TABLE %.stores DROP COLUMN address', 'column stores.address is missing'],
    ['a column of its own', () => 'ALTER TABLE %.stores ADD COLUMN extra text', 'column stores.extra is not in the template'],
    ['a column that may be null', () => 'ALTER TABLE %.stores ALTER COLUMN name DROP NOT NULL', 'column stores.name is '],
    [
      'row security not forced',
      () => 'ALTER TABLE %.products NO FORCE ROW LEVEL SECURITY',
      'table products is "row security enabled"',
    ],
    [
      'a missing policy',
      () => 'DROP POLICY tenant_isolation_policy ON %.products',
      'policy products tenant_isolation_policy is missing',
    ],
    [
      "another tenant's policy",
      () => `ALTER POLICY tenant_isolation_policy ON %.products USING (tenant_id = '${db.beta.id}')`,
      'policy products tenant_isolation_policy is ',
    ],
    ['a trigger switched off', () => 'ALTER TABLE %.inventory_movements DISABLE TRIGGER USER', 'DISABLED'],
    ['a right too many', () => `GRANT DELETE ON %.events TO ${db.acme.role}`, 'rights events {role} is '],
    ['a right for everybody', () => 'GRANT SELECT ON %.products TO PUBLIC', 'rights products public is not in the template'],
    [
      'a person whom log-in does not know',
      () => `DELETE FROM shared.tenant_users WHERE tenant_id = '${db.acme.id}'`,
      'cannot be found by log-in',
    ],
    [
      'a person who is another one there',
      () => `UPDATE shared.tenant_users SET role = 'viewer' WHERE tenant_id = '${db.acme.id}'`,
      'is another one in the log-in directory',
    ],
  ])('should name %s', async (_, change, named) => {
    // one connection, undone at the end: the tenants stay as they were
    const differences = await withClient({ connectionString: db.url }, async (client) => {
      await client.query('BEGIN; SET LOCAL session_replication_role = replica');
      await client.query(change().replaceAll('%', db.acme.schema));
      const found = await findDrift(client);
      await client.query('ROLLBACK');
      return new Map(found.map((drift) => [drift.schema, drift.differences]));
    });
    expect(differences.get(db.acme.schema)).toContainEqual(expect.stringContaining(named));
    expect(differences.get(db.beta.schema)).toEqual([]);
  });

  it('should be what db audit prints, with the exit code', async () => {
    const audit = () => {
      const env = { PATH: process.env['PATH'], DATABASE_URL: db.url };
      const { status, stdout } = spawnSync(process.execPath, [CLI, 'db', 'audit'], { encoding: 'utf8', env });
      return { status, lines: stdout.trim().split('\n') };
    };
    expect(audit()).toEqual({
      status: 0,
      lines: [expect.stringMatching(/^tenants looked at: \d+; differing from the template: 0$/)],
    });
    await db.root.query(`CREATE TABLE ${db.acme.schema}.extra (i int)`);
    const { status, lines } = audit();
    await db.root.query(`DROP TABLE ${db.acme.schema}.extra`);
    expect(status).toBe(1);
    expect(lines).toContain(`${db.acme.schema}: table extra is not in the template`);
  });
});
