import { randomUUID } from 'node:crypto';
import { Statement } from '../../../src/kernel/database/statement.js';
import { TenantPool } from '../../../src/kernel/database/tenant-pool.js';
import { UnitOfWork } from '../../../src/kernel/database/unit-of-work.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;

beforeAll(async () => {
  db = await openMediumDatabase('last_statements');
});
afterAll(() => db.close());

const adding = (code: unknown, name?: string) =>
  new Statement('INSERT INTO stores (code, name) VALUES ($1, $1) RETURNING code', [code], name, {
    answer: ([store]: { code: string }[]) => store!.code,
  });
const failing = new Statement('SELECT 1 / 0', [], undefined, {
  answer: () => undefined,
  refusal: (error) => new Error('nobody divides by zero', { cause: error }),
});
const addStore = (code: string) => db.unit.execute('INSERT INTO stores (code, name) VALUES ($1, $1)', [code]);
const unsendable = () => {
  throw new Error('no wire form');
};
const asAcme = <T>(work: () => Promise<T>) => db.as(db.acme, work);
/** How many stores there are of each code. */
const stores = async (...codes: string[]) => {
  const rows = await asAcme(() =>
    db.unit.query<{ n: number }>(
      `SELECT (SELECT count(*)::int FROM stores WHERE code = c.code) AS n FROM unnest($1::text[]) WITH ORDINALITY AS c (code, i) ORDER BY i`,
      [codes],
    ),
  );
  return rows.map(({ n }) => n);
};

describe('the last statements of a transaction', () => {
  afterEach(() => expect(db.pool.stats.busy).toBe(0));

  it('should be committed with their answers, before the rest of the work', async () => {
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    const isKept = async () => (await stores(first))[0] === 1;
    const seen = await asAcme(() =>
      db.unit.transaction(async (last) => {
        await addStore(first);
        const answers = await last(adding(second), adding(third));
        // COMMIT was sent with them: its answer is on its way
        for (let left = 1000; left > 0 && !(await isKept()); left--) await new Promise((resolve) => setTimeout(resolve, 5));
        return { answers, isKept: await isKept() };
      }),
    );
    expect(seen).toEqual({ answers: [second, third], isKept: true });
    expect(await stores(first, second, third)).toEqual([1, 1, 1]);
  });

  it('should all be undone, and say why the first of them was refused', async () => {
    const [before, after] = [randomUUID(), randomUUID()];
    const work = asAcme(() =>
      db.unit.transaction(async (last) => {
        await addStore(before);
        await last(failing, adding(after));
      }),
    );
    await expect(work).rejects.toThrow('nobody divides by zero');
    expect(await stores(before, after)).toEqual([0, 0]);
  });

  it.each([
    ['a value that cannot be sent', () => adding({ toPostgres: () => unsendable() })],
    ['a name that another statement has', () => new Statement('SELECT 2', [], 'last_taken', { answer: () => 2 })],
  ])('should all be undone when one of them never leaves: %s', async (_what, make) => {
    const [before, sent, behind] = [randomUUID(), randomUUID(), randomUUID()];
    const work = asAcme(() =>
      db.unit.transaction(async (last) => {
        await db.unit.query('SELECT 1', [], 'last_taken');
        await addStore(before);
        await last(adding(sent), make(), adding(behind));
      }),
    );
    await expect(work).rejects.toThrow();
    expect(await stores(before, sent, behind)).toEqual([0, 0, 0]);
  });

  it.each([
    ['a statement', () => addStore(randomUUID())],
    ['one that goes with the commit', () => db.unit.executeAtCommit('SELECT 1')],
    ['more last ones', undefined],
  ])('should have none behind them: %s', async (_what, late) => {
    const kept = randomUUID();
    const work = asAcme(() =>
      db.unit.transaction(async (last) => {
        await addStore(randomUUID());
        await last(adding(kept));
        await (late ? late() : last(adding(randomUUID())));
      }),
    );
    await expect(work).rejects.toThrow('after the last');
    expect(await stores(kept)).toEqual([1]);
  });

  it('should leave the connection to the next one when the work fails behind them', async () => {
    const pool = new TenantPool({ connection: db.topology.tenant, max: 1, maxPerTenant: 1 });
    const unit = new UnitOfWork(pool, undefined as never);
    const [kept, next] = [randomUUID(), randomUUID()];
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const first = asAcme(() =>
      unit.transaction(async (last) => {
        await unit.query('SELECT 1');
        await last(adding(kept));
        await begun;
        throw new Error('too late');
      }),
    );
    const second = asAcme(() =>
      unit.transaction(async () => {
        await unit.run(adding(next));
        hasBegun();
        await first.catch(() => undefined);
        return unit.query<{ n: number }>('SELECT count(*)::int AS n FROM stores WHERE code = $1', [next]);
      }),
    );
    await expect(first).rejects.toThrow('too late');
    await expect(second).resolves.toEqual([{ n: 1 }]);
    expect(await stores(kept, next)).toEqual([1, 1]);
    await pool.end();
  });

  it('should be behind every statement that was sent before', async () => {
    const codes = Array.from({ length: 3 }, () => randomUUID());
    await asAcme(() =>
      db.unit.transaction(async (last) => {
        await db.unit.query('SELECT 1');
        await Promise.all([addStore(codes[0]!), addStore(codes[1]!), last(adding(codes[2]!))]);
      }),
    );
    expect(await stores(...codes)).toEqual([1, 1, 1]);
  });

  it('should be its first ones too, and then be undone with the work', async () => {
    const [kept, undone] = [randomUUID(), randomUUID()];
    await expect(asAcme(() => db.unit.transaction((last) => last(adding(kept))))).resolves.toEqual([kept]);
    const work = asAcme(() =>
      db.unit.transaction(async (last) => {
        await last(adding(undone));
        throw new Error('changed my mind');
      }),
    );
    await expect(work).rejects.toThrow('changed my mind');
    expect(await stores(kept, undone)).toEqual([1, 0]);
  });

  it('should leave the end of a transaction to its owner', async () => {
    const [inner, outer, noted] = [randomUUID(), randomUUID(), randomUUID()];
    const owner = (fails: boolean) =>
      asAcme(() =>
        db.unit.transaction(async () => {
          await addStore(outer);
          await db.unit.transaction((last) => last(adding(inner)));
          await db.unit.savepoint(() => db.unit.transaction((last) => last(adding(randomUUID()))));
          if (fails) throw new Error('changed my mind');
          await db.unit.executeAtCommit('INSERT INTO stores (code, name) VALUES ($1, $1)', [noted]);
        }),
      );
    await expect(owner(true)).rejects.toThrow('changed my mind');
    expect(await stores(inner, outer)).toEqual([0, 0]);
    await owner(false);
    expect(await stores(inner, outer, noted)).toEqual([1, 1, 1]);
  });

  it('should not be kept when the connection is lost before them', async () => {
    const [before, after] = [randomUUID(), randomUUID()];
    const work = asAcme(() =>
      db.unit.transaction(async (last) => {
        await addStore(before);
        const [row] = await db.unit.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await db.root.query('SELECT pg_terminate_backend($1)', [row!.pid]);
        await last(adding(after));
      }),
    );
    await expect(work).rejects.toThrow();
    expect(await stores(before, after)).toEqual([0, 0]);
  });

  it('should go without prepared statements as well', async () => {
    const pool = new TenantPool({ connection: db.topology.tenant, max: 1, prepared: false });
    const unit = new UnitOfWork(pool, undefined as never);
    const [kept, undone] = [randomUUID(), randomUUID()];
    const sell = (...statements: Statement<unknown>[]) =>
      asAcme(() =>
        unit.transaction(async (last) => {
          await unit.query('SELECT 1');
          await last(...statements);
        }),
      );
    await sell(adding(kept, 'unused'));
    await expect(sell(adding(undone), failing)).rejects.toThrow('nobody divides');
    expect(await stores(kept, undone)).toEqual([1, 0]);
    await pool.end();
  });
});
