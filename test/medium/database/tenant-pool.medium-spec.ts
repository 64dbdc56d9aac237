import { randomUUID } from 'node:crypto';
import type { TenantRef } from '../../../src/kernel/database/tenant-context.js';
import { TransactionLostError } from '../../../src/kernel/database/tenant-session.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;

beforeAll(async () => {
  db = await openMediumDatabase('tenant_pool');
});
afterAll(() => db.close());

const addStore = (code: string) => db.unit.execute('INSERT INTO stores (code, name) VALUES ($1, $1)', [code]);
const stores = async (tenant: TenantRef, code: string) =>
  db.as(
    tenant,
    async () => (await db.unit.query<{ n: number }>('SELECT count(*)::int AS n FROM stores WHERE code = $1', [code]))[0]!.n,
  );

describe('a statement without a transaction', () => {
  it('should run under the role, schema and settings of its tenant', async () => {
    const [row] = await db.as(db.acme, () =>
      db.unit.query<Record<string, string>>(
        `SELECT current_user::text AS role, current_setting('search_path') AS path, current_setting('app.current_tenant_id') AS tenant,
           current_setting('app.actor')::jsonb ->> 'via' AS via`,
      ),
    );
    expect(row).toEqual({ role: db.acme.role, path: `${db.acme.schema}, ext`, tenant: db.acme.id, via: 'job:test' });
  });

  it('should refuse to run for nobody', async () => {
    await expect(db.unit.query('SELECT 1')).rejects.toThrow('no tenant');
  });

  it('should leave a usable connection after an error, and never another tenant behind', async () => {
    let leaks = 0;
    const ask = async (tenant: TenantRef) => {
      if (Math.random() < 0.2) await db.unit.query('SELECT 1 / 0').catch(() => undefined);
      const [row] = await db.unit.query<{ role: string }>('SELECT current_user::text AS role', [], 'who');
      if (row?.role !== tenant.role) leaks++;
    };
    await Promise.all(
      Array.from({ length: 24 }, async () => {
        for (let i = 0; i < 40; i++) {
          const tenant = Math.random() < 0.5 ? db.acme : db.beta;
          await db.as(tenant, () => ask(tenant));
        }
      }),
    );
    expect(leaks).toBe(0);
  });

  it('should survive the loss of its connection', async () => {
    const kill = () =>
      db.root.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [db.topology.roles.login]);
    await db.as(db.acme, () => db.unit.query('SELECT 1'));
    await kill();
    // the pool has heard of it: a statement sent before would meet the dying connection
    while (db.pool.stats.total > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(db.as(db.acme, () => db.unit.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });
});

describe('a transaction', () => {
  it('should keep all of it or nothing', async () => {
    const [kept, lost] = [randomUUID(), randomUUID()];
    await db.as(db.acme, () => db.unit.transaction(() => addStore(kept)));
    const failing = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await addStore(lost);
        throw new Error('changed my mind');
      }),
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect([await stores(db.acme, kept), await stores(db.acme, lost)]).toEqual([1, 0]);
  });

  it('should be joined by one inside it', async () => {
    const code = randomUUID();
    const outer = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await db.unit.transaction(() => addStore(code));
        throw new Error('outer');
      }),
    );
    await expect(outer).rejects.toThrow('outer');
    expect(await stores(db.acme, code)).toBe(0);
  });

  it('should say so when the database had given it up', async () => {
    const code = randomUUID();
    const swallowing = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await addStore(code);
        await db.unit.execute('SELECT 1 / 0').catch(() => undefined);
      }),
    );
    await expect(swallowing).rejects.toThrow(TransactionLostError);
    expect(await stores(db.acme, code)).toBe(0);
  });

  it('should undo only the part that failed inside a savepoint', async () => {
    const [kept, lost] = [randomUUID(), randomUUID()];
    await db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await addStore(kept);
        await db.unit
          .savepoint(async () => {
            await addStore(lost);
            await db.unit.execute('SELECT 1 / 0');
          })
          .catch(() => undefined);
      }),
    );
    expect([await stores(db.acme, kept), await stores(db.acme, lost)]).toEqual([1, 0]);
  });

  it('should run what waits for the commit only after it', async () => {
    const seen: string[] = [];
    await db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await db.unit.afterCommit(() => void seen.push('committed'));
        seen.push('inside');
      }),
    );
    const failing = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await db.unit.afterCommit(() => void seen.push('never'));
        throw new Error('no');
      }),
    );
    await expect(failing).rejects.toThrow('no');
    expect(seen).toEqual(['inside', 'committed']);
  });
});

describe('a statement that goes with the commit', () => {
  const addStoreAtCommit = (code: string) => db.unit.executeAtCommit('INSERT INTO stores (code, name) VALUES ($1, $1)', [code]);

  it.each([true, false])('should be kept with the transaction (one with other statements: %s)', async (others) => {
    const [other, last] = [randomUUID(), randomUUID()];
    await db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await addStoreAtCommit(last);
        if (others) await addStore(other);
      }),
    );
    expect([await stores(db.acme, other), await stores(db.acme, last)]).toEqual([others ? 1 : 0, 1]);
  });

  it.each([true, false])('should undo the transaction when it is refused (one with other statements: %s)', async (others) => {
    const [other, taken] = [randomUUID(), randomUUID()];
    await db.as(db.acme, () => addStore(taken));
    const failing = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        if (others) await addStore(other);
        await addStoreAtCommit(taken);
        await addStoreAtCommit(randomUUID());
      }),
    );
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect([await stores(db.acme, other), await stores(db.acme, taken)]).toEqual([0, 1]);
    expect(db.pool.stats.busy).toBe(0);
  });

  it('should never run when the work fails', async () => {
    const last = randomUUID();
    const failing = db.as(db.acme, () =>
      db.unit.transaction(async () => {
        await addStoreAtCommit(last);
        throw new Error('changed my mind');
      }),
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await stores(db.acme, last)).toBe(0);
  });

  it('should run at once where there is no transaction', async () => {
    const last = randomUUID();
    await db.as(db.acme, () => addStoreAtCommit(last));
    expect(await stores(db.acme, last)).toBe(1);
  });
});

describe('statements sent side by side in a transaction', () => {
  it('should run in their order, also when they are its first ones', async () => {
    const codes = Array.from({ length: 5 }, () => randomUUID());
    const seen = await db.as(db.acme, () =>
      db.unit.transaction(() =>
        Promise.all(
          codes.map(async (code) => {
            const { rows } = await db.unit.execute(
              `WITH made AS (INSERT INTO stores (code, name) VALUES ($1, $1))
               SELECT count(*)::int AS n, pg_current_xact_id()::text AS xact FROM stores WHERE code = ANY ($2)`,
              [code, codes],
            );
            return rows[0] as { n: number; xact: string };
          }),
        ),
      ),
    );
    expect(seen.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(seen.map(({ xact }) => xact)).size).toBe(1);
  });

  it('should all be undone when one of them is refused, and say why it was', async () => {
    const [before, after] = [randomUUID(), randomUUID()];
    const failing = db.as(db.acme, () =>
      db.unit.transaction(() => Promise.all([addStore(before), db.unit.execute('SELECT 1/0'), addStore(after)])),
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect([await stores(db.acme, before), await stores(db.acme, after)]).toEqual([0, 0]);
  });

  it('should move to another connection together when the first does not take their tenant any more', async () => {
    const pid = async () => (await db.unit.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;
    const spoiled = await db.as(db.acme, pid);
    await db.as(db.acme, () => db.unit.execute('DEALLOCATE ALL'));
    const codes = [randomUUID(), randomUUID()];
    await db.as(db.acme, () => db.unit.transaction(() => Promise.all(codes.map(addStore))));
    expect([await stores(db.acme, codes[0]!), await stores(db.acme, codes[1]!)]).toEqual([1, 1]);
    expect(await db.as(db.acme, pid)).not.toBe(spoiled);
  });
});

describe('many statements of one tenant', () => {
  it('should leave connections to the others', async () => {
    const noisy = Array.from({ length: 60 }, () => db.as(db.acme, () => db.unit.query('SELECT pg_sleep(0.02)')));
    let done = 0;
    for (const statement of noisy) void statement.then(() => done++);
    await db.as(db.beta, () => db.unit.query('SELECT 1'));
    expect(done).toBeLessThan(60);
    await Promise.all(noisy);
  });
});
