import { createHash } from 'node:crypto';
import { jest } from '@jest/globals';
import { describeProblem } from '../../../src/tenancy/imports/parsing/problem.js';
import { openImportLab, type ImportLab } from './import-lab.js';

let sut: ImportLab;
beforeAll(async () => {
  sut = await openImportLab('imports_engine');
});
afterAll(() => sut.close());

const products = (n: number, from: number = 0): string =>
  `sku,name,reorder_point\n${Array.from({ length: n }, (_, i) => `SKU-${from + i},Producto ${from + i},${i % 50}\n`).join('')}`;

const total = async (): Promise<number> => Number((await sut.query<{ n: string }>(`SELECT count(*) AS n FROM products`))[0]?.n);

// the machine may be busy: what counts is what happens, not how soon
jest.setTimeout(60_000);

describe('ImportRunner', () => {
  it('should write nothing in a dry run and report every bad row', async () => {
    const file = `sku,name,reorder_point\n${Array.from({ length: 12_000 }, (_, i) => `D-${i},x,${i % 3 === 0 ? 'many' : 1}\n`).join('')}`;
    const { record, problems } = await sut.take('products', file, { dryRun: true });
    expect(record).toMatchObject({
      status: 'completed',
      rowsTotal: 12_000,
      rowsValid: 8_000,
      rowsInvalid: 4_000,
      problemCount: 4_000,
      rowsInserted: 0,
    });
    expect(problems).toHaveLength(4_000);
    expect(problems.at(-1)).toMatchObject({
      line: 11_999,
      field: 'reorder_point',
      code: 'imports.not_a_number',
      value: 'many',
      message: describeProblem('imports.not_a_number'),
    });
    expect(await total()).toBe(0);
    expect(await sut.query(`SELECT FROM import_chunks`)).toEqual([]);
  });

  it('should store at most ten thousand problems and count all', async () => {
    const { record, problems } = await sut.take('products', `sku,name\n${',\n'.repeat(0)}${' ,x\n'.repeat(10_500)}`, {
      dryRun: true,
    });
    expect(record).toMatchObject({ rowsInvalid: 10_500, problemCount: 10_500 });
    expect(problems).toHaveLength(10_000);
  });

  it('should write nothing of a file with one bad row, and all but it when told so', async () => {
    const file = `${products(5_000)},"",1\nSKU-1,again,1\n`;
    const whole = await sut.take('products', file);
    expect(whole.record).toMatchObject({ status: 'failed', error: { code: 'imports.bad_rows' }, rowsInvalid: 2 });
    expect(await total()).toBe(0);
    const { record } = await sut.take('products', file, { partial: true });
    expect(record).toMatchObject({ status: 'completed', rowsInserted: 5_000, rowsInvalid: 2 });
    expect(await sut.query(`SELECT name FROM products WHERE sku = 'SKU-1'`)).toEqual([{ name: 'Producto 1' }]);
    await sut.query(`DELETE FROM products`);
  });

  it.each([
    [
      'no header',
      'a;b\n1;2\n',
      ['imports.unknown_column', 'imports.unknown_column', 'imports.missing_column', 'imports.missing_column'],
    ],
    ['nothing', ' \n', ['imports.empty_file']],
    ['a broken workbook', 'PK\u0003\u0004 broken', ['imports.bad_xlsx']],
  ])('should refuse a file with %s', async (_, file, codes) => {
    const { record, problems } = await sut.take('products', file);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'imports.unreadable_file' }, problemCount: codes.length });
    expect(problems.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  });

  it('should go on where a stopped run left off, each row once', async () => {
    const n = 17_000;
    const importId = await sut.upload('products', products(n));
    const find = sut.imports.checkpoint.bind(sut.imports);
    for (let stops = 0; stops < 2; stops++) {
      const stop = new AbortController();
      let batches = 0;
      sut.imports.checkpoint = async (...args) => {
        if (++batches === 1) stop.abort(new Error('the process stops'));
        return find(...args);
      };
      await expect(sut.run(importId, { signal: stop.signal })).rejects.toThrow('the process stops');
    }
    sut.imports.checkpoint = find;
    const written = await total();
    expect(written).toBe(8_000);
    const { record } = await sut.run(importId);
    expect(record).toMatchObject({ status: 'completed', rowsTotal: n, rowsInserted: n, rowsUpdated: 0, rowsUnchanged: 0 });
    expect(await total()).toBe(n);
    expect((await sut.run(importId)).record.finishedAt).toEqual(record.finishedAt);
  });

  it('should write a batch and its checkpoint together or not at all', async () => {
    await sut.query(`DELETE FROM products`);
    const importId = await sut.upload('products', products(9_000));
    const checkpoint = sut.imports.checkpoint.bind(sut.imports);
    let batches = 0;
    sut.imports.checkpoint = async (...args) => {
      if (++batches === 2) throw new Error('killed before COMMIT');
      return checkpoint(...args);
    };
    await expect(sut.run(importId)).rejects.toThrow('killed before COMMIT');
    sut.imports.checkpoint = checkpoint;
    expect(await total()).toBe(4_000);
    expect((await sut.run(importId)).record).toMatchObject({ status: 'completed', rowsInserted: 9_000 });
  });

  it('should not try again what the database will refuse again', async () => {
    const importId = await sut.upload('products', products(10, 70_000));
    const checkpoint = sut.imports.checkpoint.bind(sut.imports);
    sut.imports.checkpoint = () => Promise.reject(Object.assign(new Error('numeric field overflow'), { code: '22003' }));
    await expect(sut.run(importId)).rejects.toThrow('numeric field overflow');
    sut.imports.checkpoint = checkpoint;
    expect((await sut.run(importId)).record).toMatchObject({
      status: 'failed',
      error: { code: 'imports.interrupted' },
      rowsInserted: 0,
    });
  });

  it('should end an import together with its file or not at all', async () => {
    const { root, acme } = sut.database;
    const id = await sut.upload('products', products(1, 70_000), { dryRun: true });
    await root.query(`CREATE FUNCTION ${acme.schema}.die() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'killed'; END$$;
      CREATE TRIGGER die BEFORE DELETE ON ${acme.schema}.import_chunks FOR EACH STATEMENT EXECUTE FUNCTION ${acme.schema}.die()`);
    await expect(sut.run(id)).rejects.toThrow('killed');
    await root.query(`DROP FUNCTION ${acme.schema}.die CASCADE`);
    expect(await sut.query('SELECT status FROM imports WHERE id = $1', [id])).toEqual([{ status: 'running' }]);
    expect((await sut.run(id)).record).toMatchObject({ status: 'completed', rowsTotal: 1 });
    expect(await sut.query('SELECT FROM import_chunks WHERE import_id = $1', [id])).toEqual([]);
  });

  it('should find imports that nobody works on', async () => {
    const stalled = (): Promise<string[]> => sut.database.as(sut.database.acme, () => sut.imports.stalled());
    const importId = await sut.upload('products', products(10, 80_000));
    expect(await stalled()).not.toContain(importId);
    await sut.query(`UPDATE imports SET updated_at = now() - interval '1 hour' WHERE id = $1`, [importId]);
    expect(await stalled()).toContain(importId);
    await sut.run(importId);
    await sut.query(`UPDATE imports SET updated_at = now() - interval '1 hour' WHERE id = $1`, [importId]);
    expect(await stalled()).not.toContain(importId);
  });

  it('should leave an import to the run that has taken it over', async () => {
    await sut.query(`DELETE FROM products`);
    const importId = await sut.upload('products', products(9_000, 5));
    const [first, second] = await Promise.all([sut.run(importId), sut.run(importId)]);
    expect([first.record.status, second.record.status]).toContain('completed');
    const { record } = await sut.run(importId);
    expect(record).toMatchObject({ status: 'completed', rowsInserted: 9_000, rowsUpdated: 0, rowsUnchanged: 0 });
  });

  it('should know the same content of a kind while it is taken in, also when two uploads meet', async () => {
    const importId = await sut.upload('stores', 'code,name\nX1,x\n');
    const sha256 = createHash('sha256').update('code,name\nX1,x\n').digest('hex');
    const running = (partial: boolean): Promise<string | null> =>
      sut.database.as(sut.database.acme, () => sut.imports.findRunning({ kind: 'stores', sha256, partial }));
    expect(await running(false)).toBe(importId);
    expect(await running(true)).toBeNull();
    await expect(sut.upload('stores', 'code,name\nX1,x\n')).rejects.toMatchObject({ constraint: 'imports_content_key' });
    await sut.upload('stores', 'code,name\nX1,x\n', { dryRun: true });
    await sut.upload('suppliers', 'code,name\nX1,x\n');
    await sut.run(importId);
    expect(await running(false)).toBeNull();
    expect((await sut.take('stores', 'code,name\nX1,x\n')).record).toMatchObject({ rowsInserted: 0, rowsUnchanged: 1 });
  });

  it('should keep tenants apart', async () => {
    const { beta } = sut.database;
    const { record } = await sut.take('stores', 'code,name\nBETA,solo beta\n', { tenant: beta });
    expect(record.status).toBe('completed');
    expect(await sut.query(`SELECT FROM stores WHERE code = 'BETA'`)).toEqual([]);
    expect(await sut.database.as(sut.database.acme, () => sut.imports.find(record.id))).toBeNull();
    expect(await sut.query(`SELECT code FROM stores WHERE code = 'BETA'`, [], beta)).toHaveLength(1);
  });
});
