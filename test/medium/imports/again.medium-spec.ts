import { jest } from '@jest/globals';
import type { ImportKindName } from '../../../src/tenancy/imports/import-kind.js';
import { openImportLab, type ImportLab } from './import-lab.js';

// the machine may be busy: what counts is what happens, not how soon
jest.setTimeout(60_000);

let sut: ImportLab;
beforeAll(async () => {
  sut = await openImportLab('imports_again');
});
afterAll(() => sut.close());

/** Every form of line that a kind has. */
const FILES: readonly (readonly [ImportKindName, number, string])[] = [
  ['stores', 2, 'code,name,type\nS01,Uno,store\nS02,Dos,\n'],
  ['suppliers', 2, 'code,name,tax_id,lead_time_days\nP1,Polar,J-30567812-1,3\nP2,Otro,,\n'.replace('J-30567812-1', '')],
  [
    'products',
    3,
    'sku,name,category,supplier,barcode,cost_price,sale_price,tax_category,reorder_point\nA,Arroz,Granos,P1,7590001000014,1,2,general,10\nB,Bono,,,,,3.10,exempt,5\nC,Cera,Aseo,P2,,,1.00,,0\n',
  ],
  [
    'calendar',
    4,
    'date,store,kind,sku,value,name\n2026-05-10,,holiday,,,Madre\n2026-05-10,S01,closed,,,\n2026-05-11,,price,A,1.80,\n2026-05-12,S02,promotion,A,,2x1\n',
  ],
  ['stock', 3, 'store,sku,quantity,unit_cost,date\nS01,A,100,1.50,2026-05-10\nS01,B,0,,2026-05-10\nS02,A,7.5,,2026-05-11\n'],
  [
    'sales',
    8,
    'date,store,sku,quantity,unit_price,ticket,promotion\n2026-05-12,S01,A,3,,T1,1\n2026-05-12,S01,A,3,,T1,\n2026-05-12,S01,B,2,2.50,T1,\n2026-05-12,S01,A,-1,,T2,\n' +
      '2026-05-10,S01,A,4,1.80,,\n2026-05-10,S01,A,4,1.80,,\n2026-05-09,S01,A,50,,,\n2026-05-11,S02,A,10,,,\n',
  ],
];

const TABLES = [
  'stores',
  'suppliers',
  'products',
  'categories',
  'calendar_days',
  'inventory',
  'inventory_movements',
  'sales',
  'sale_items',
];

/** Every row of what imports write, as it is stored: ids, versions and instants too. */
async function everything(): Promise<Record<string, unknown>> {
  const entries = TABLES.map(
    async (table) => [table, await sut.query(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

describe('the same file again', () => {
  it('should leave exactly what is there, of every kind', async () => {
    for (const [kind, rows, file] of FILES) {
      expect([kind, (await sut.take(kind, file)).record]).toMatchObject([kind, { status: 'completed', rowsInserted: rows }]);
    }
    const before = await everything();
    for (const [kind, rows, file] of FILES) {
      const { record } = await sut.take(kind, file);
      expect([kind, record]).toMatchObject([
        kind,
        { status: 'completed', rowsTotal: rows, rowsInserted: 0, rowsUpdated: 0, rowsUnchanged: rows, problemCount: 0 },
      ]);
    }
    expect(await everything()).toEqual(before);
  });

  it('should know the lines of sales again after their product got another price', async () => {
    const [, rows, file] = FILES.find(([kind]) => kind === 'sales') ?? ['sales', 0, ''];
    await sut.query(`UPDATE products SET selling_price = 77 WHERE sku = 'A'`);
    const before = await everything();
    expect((await sut.take('sales', file)).record).toMatchObject({ status: 'completed', rowsUnchanged: rows });
    expect(await everything()).toEqual(before);
  });

  it('should take an older count up again without moving what the newer one says', async () => {
    const newer = 'store,sku,quantity,date\nS01,A,60,2026-05-20\n';
    const older = FILES.find(([kind]) => kind === 'stock')?.[2] ?? '';
    await sut.take('stock', newer);
    const before = await everything();
    for (const file of [older, newer]) {
      expect((await sut.take('stock', file)).record).toMatchObject({ status: 'completed', rowsInserted: 0, rowsUpdated: 0 });
    }
    expect(await everything()).toEqual(before);
  });
});
