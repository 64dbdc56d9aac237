import { jest } from '@jest/globals';
import { addDays } from '../../../src/kernel/time/zone.js';
import { openImportLab, type ImportLab } from './import-lab.js';

// the machine may be busy: what counts is what happens, not how soon
jest.setTimeout(60_000);

let sut: ImportLab;
beforeAll(async () => {
  sut = await openImportLab('imports_stock');
  await sut.take('stores', 'code,name\nS01,Uno\nS02,Dos\n');
  await sut.take(
    'products',
    'sku,name,sale_price,tax_category,reorder_point\nA,Arroz,2.00,general,10\nB,Bono,3.00,exempt,5\nC,Cera,1.00,general,0\n',
  );
});
afterAll(() => sut.close());
afterEach(async () => {
  // level = sum of movements, whatever a test did
  expect(
    await sut.query(`SELECT i.product_id FROM inventory i WHERE quantity_on_hand <> (SELECT coalesce(sum(m.quantity), 0) FROM inventory_movements m
      WHERE m.product_id = i.product_id AND m.store_id = i.store_id)`),
  ).toEqual([]);
});

const levels = async (): Promise<Record<string, string>> => {
  const rows = await sut.query<{ shelf: string; level: string }>(
    `SELECT s.code || ' ' || p.sku AS shelf, trim_scale(quantity_on_hand)::text AS level FROM inventory i JOIN products p ON p.id = product_id
       JOIN stores s ON s.id = store_id ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ shelf, level }) => [shelf, level]));
};

const counts = ({ record }: { record: { rowsInserted: number; rowsUpdated: number; rowsUnchanged: number } }): number[] => [
  record.rowsInserted,
  record.rowsUpdated,
  record.rowsUnchanged,
];

describe('stock.csv and sales.csv', () => {
  it('should open shelves at the start of the day in the tenant’s zone', async () => {
    expect(
      counts(
        await sut.take(
          'stock',
          'store,sku,quantity,unit_cost,date\nS01,A,100,1.50,2026-05-10\nS01,B,0,,2026-05-10\nS02,A,7.5,,2026-05-10\n',
        ),
      ),
    ).toEqual([3, 0, 0]);
    expect(await levels()).toEqual({ 'S01 A': '100', 'S01 B': '0', 'S02 A': '7.5' });
    expect(
      await sut.query(
        `SELECT kind, created_at, trim_scale(cost_per_unit)::text AS cost FROM inventory_movements WHERE quantity = 100`,
      ),
    ).toEqual([{ kind: 'opening', created_at: new Date('2026-05-10T04:00:00Z'), cost: '1.5' }]);
    expect(await sut.query(`SELECT counted_from::text AS day, count(*)::int AS n FROM inventory GROUP BY 1`)).toEqual([
      { day: '2026-05-10', n: 3 },
    ]);
  });

  it('should run shelves down by sales from the day of the count on, and keep earlier ones as history', async () => {
    const file = `date,store,sku,quantity,unit_price,ticket,promotion
2026-05-12,S01,A,3,,T1,1
2026-05-12,S01,B,2,2.5,T1,
2026-05-12,S01,A,-1,,T2,
2026-05-10,S01,A,4,1.80,,
2026-05-10,S01,B,1,,,
2026-05-09,S01,A,50,,,
2026-05-11,S02,C,9,,,
2026-05-11,S02,A,10,,,
`;
    expect(counts(await sut.take('sales', file))).toEqual([8, 0, 0]);
    expect(await levels()).toEqual({ 'S01 A': '94', 'S01 B': '-3', 'S02 A': '-2.5' });
    expect(
      await sut.query(
        `SELECT st.code AS store, business_date::text AS day, pos_transaction_id AS ticket, trim_scale(subtotal)::text AS net,
                trim_scale(tax_amount)::text AS tax, trim_scale(total_amount)::text AS total, payment_status, s.source,
                (SELECT count(*)::int FROM sale_items i WHERE i.sale_id = s.id) AS lines
           FROM sales s JOIN stores st ON st.id = s.store_id ORDER BY business_date, st.code, ticket`,
      ),
    ).toEqual([
      {
        store: 'S01',
        day: '2026-05-09',
        ticket: 'day 2026-05-09',
        net: '100',
        tax: '16',
        total: '116',
        payment_status: 'paid',
        source: 'import',
        lines: 1,
      },
      {
        store: 'S01',
        day: '2026-05-10',
        ticket: 'day 2026-05-10',
        net: '10.2',
        tax: '1.15',
        total: '11.35',
        payment_status: 'paid',
        source: 'import',
        lines: 2,
      },
      {
        store: 'S02',
        day: '2026-05-11',
        ticket: 'day 2026-05-11',
        net: '29',
        tax: '4.64',
        total: '33.64',
        payment_status: 'paid',
        source: 'import',
        lines: 2,
      },
      {
        store: 'S01',
        day: '2026-05-12',
        ticket: 'T1',
        net: '11',
        tax: '0.96',
        total: '11.96',
        payment_status: 'paid',
        source: 'import',
        lines: 2,
      },
      {
        store: 'S01',
        day: '2026-05-12',
        ticket: 'T2',
        net: '-2',
        tax: '-0.32',
        total: '-2.32',
        payment_status: 'paid',
        source: 'import',
        lines: 1,
      },
    ]);
    expect(await sut.query(`SELECT count(*)::int FROM sale_items WHERE moves_stock`)).toEqual([{ count: 6 }]);
  });

  it('should take the same lines in once, in whatever form they come', async () => {
    const before = await levels();
    const other = `Fecha;Tienda;SKU;Cantidad;Precio;Ticket
12/05/2026;S01;A;3,0;2,00;T1
12/05/2026;S01;B;2;2,50;T1
10/05/2026;S01;B;1;;
10/05/2026;S01;A;4;1,8;
13/05/2026;S01;B;1;;T3
`;
    expect(counts(await sut.take('sales', other))).toEqual([1, 0, 4]);
    expect(await levels()).toEqual({ ...before, 'S01 B': '-4' });
  });

  it('should refuse a known ticket with other lines, naming each', async () => {
    const before = await levels();
    const { record, problems } = await sut.take(
      'sales',
      'date,store,sku,quantity,ticket\n2026-05-12,S01,A,3,T1\n2026-05-12,S01,A,3,T1\n2026-05-14,S01,A,1,T9\n2026-05-10,S01,A,5,\n',
    );
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'imports.sale_differs'],
      [5, 'imports.sale_differs'],
    ]);
    expect(record.status).toBe('failed');
    expect(await levels()).toEqual(before);
  });

  it('should correct a level by a newer count without forgetting what was sold since', async () => {
    // 96 at the start of the 12th; 3 went and 1 came back that day
    expect(counts(await sut.take('stock', 'store,sku,quantity,date\nS01,A,90,2026-05-12\nS01,B,-0,12/05/2026\n'))).toEqual([
      0, 2, 0,
    ]);
    expect(await levels()).toMatchObject({ 'S01 A': '88', 'S01 B': '-3' });
    expect(counts(await sut.take('stock', 'store,sku,quantity,date\nS01,A,90,2026-05-12\n'))).toEqual([0, 0, 1]);
    expect(counts(await sut.take('stock', 'store,sku,quantity,date\nS01,A,91,2026-05-12\n'))).toEqual([0, 1, 0]);
    expect(await levels()).toMatchObject({ 'S01 A': '89' });
    const late = 'date,store,sku,quantity,ticket\n2026-05-11,S01,A,7,LATE\n2026-05-12,S01,A,2,LATE2\n';
    await sut.take('sales', late);
    expect(await levels()).toMatchObject({ 'S01 A': '87' });
    const { problems } = await sut.take('stock', 'store,sku,quantity,date\nS01,A,1,2026-05-11\n');
    expect(problems).toMatchObject([
      { line: 2, field: 'date', code: 'inventory.later_count', message: { en: expect.stringContaining('2026-05-12') } },
    ]);
  });

  it('should let sales that came before their count move stock once it is there', async () => {
    expect(await levels()).not.toHaveProperty('S02 C');
    await sut.take('stock', 'store,sku,quantity,date\nS02,C,20,2026-05-11\n');
    expect(await levels()).toMatchObject({ 'S02 C': '11' });
    await sut.take('stock', 'store,sku,quantity,date\nS02,C,20,2026-05-11\nS02,B,1,2026-05-11\n');
    expect(await levels()).toMatchObject({ 'S02 C': '11', 'S02 B': '1' });
  });

  it('should sum a sale whose lines come far apart', async () => {
    const n = 9_000;
    const day = (i: number): string => addDays('2025-01-01', i % 30);
    const lines = Array.from({ length: n }, (_, i) => `${day(i)},S0${(i % 2) + 1},${'AC'[i % 2]},${1 + (i % 3)},1.11,,`);
    const { record } = await sut.take('sales', `date,store,sku,quantity,unit_price,ticket,promotion\n${lines.join('\n')}\n`);
    expect(record).toMatchObject({ status: 'completed', rowsInserted: n });
    expect(
      await sut.query(
        `SELECT count(*)::int AS wrong FROM sales s JOIN LATERAL (SELECT sum(net_total) AS net, count(*) AS n, max(line_number) AS last FROM sale_items i
           WHERE i.sale_id = s.id) i ON true WHERE s.import_id = $1 AND (s.subtotal <> round(i.net, 2) OR i.n <> i.last OR s.total_amount <> s.subtotal + s.tax_amount)`,
        [record.id],
      ),
    ).toEqual([{ wrong: 0 }]);
    expect(await sut.query(`SELECT count(*)::int AS sales FROM sales WHERE import_id = $1`, [record.id])).toEqual([
      { sales: 30 },
    ]);
  });
});
