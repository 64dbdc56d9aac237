import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { isEan13 } from '../kernel/identifiers/ean13.js';
import { taxIdStatus } from '../kernel/identifiers/tax-id.js';
import { addDays } from '../kernel/time/zone.js';
import { writeDemo } from './demo-files.js';

type Row = Record<string, string>;
const TODAY = '2026-11-21';
const KINDS = ['stores', 'suppliers', 'products', 'calendar', 'stock', 'sales'];

const dir = mkdtempSync(path.join(os.tmpdir(), 'fluxion-demo-'));
const files = new Map<string, Row[]>();

beforeAll(async () => {
  await writeDemo(dir, { today: TODAY });
  for (const kind of KINDS) files.set(kind, parse<Row>(readFileSync(path.join(dir, `${kind}.csv`)), { columns: true }));
}, 30_000);
afterAll(() => rmSync(dir, { recursive: true }));

const rows = (kind: string): Row[] => files.get(kind) ?? [];
const number = (text: string | undefined): number => Number(text);
const key = (row: Row): string => `${row.store} ${row.sku}`;

const weekday = (date: string): number => new Date(date).getUTCDay();

const read = (folder: string, kind: string): string => readFileSync(path.join(folder, `${kind}.csv`), 'utf8');

/** Quantity sold by product and shop from a date on. */
function soldSince(date: string): Map<string, number> {
  const sold = new Map<string, number>();
  for (const row of rows('sales'))
    if ((row.date ?? '') >= date) sold.set(key(row), (sold.get(key(row)) ?? 0) + number(row.quantity));
  return sold;
}

describe('writeDemo', () => {
  it('should hold the documents’ supplier and product with right check digits', () => {
    expect(rows('suppliers').find((row) => row.code === 'POLAR')).toMatchObject({
      name: 'Empresas Polar, S.A.',
      tax_id: 'J-30105123-8',
    });
    expect(rows('products').find((row) => row.sku === 'LAC001')).toMatchObject({
      name: 'Leche Entera Santa Bárbara 1L',
      barcode: '7591234567894',
      supplier: 'POLAR',
      category: 'LACTEOS',
      cost_price: '2.50',
      sale_price: '3.25',
      tax_category: 'exempt',
    });
  });

  it('should have six stores and more than thirty products, each identifier valid and once', () => {
    expect(rows('stores')).toHaveLength(6);
    expect(rows('products').length).toBeGreaterThan(31);
    expect(rows('products').filter((row) => !isEan13(row.barcode ?? ''))).toEqual([]);
    expect(rows('suppliers').filter((row) => taxIdStatus(row.tax_id ?? '') !== 'valid')).toEqual([]);
    for (const column of ['sku', 'barcode', 'name'])
      expect(new Set(rows('products').map((row) => row[column])).size).toBe(rows('products').length);
  });

  it('should refer only to what it has', () => {
    const skus = new Set(rows('products').map((row) => row.sku));
    const stores = new Set(rows('stores').map((row) => row.code));
    const suppliers = new Set(rows('suppliers').map((row) => row.code));
    expect(rows('products').filter((row) => !suppliers.has(row.supplier))).toEqual([]);
    expect([...rows('sales'), ...rows('stock')].filter((row) => !skus.has(row.sku) || !stores.has(row.store))).toEqual([]);
    expect(rows('calendar').filter((row) => row.sku !== '' && !skus.has(row.sku))).toEqual([]);
  });

  it('should sell for two years, newest first, up to yesterday', () => {
    const dates = rows('sales').map((row) => row.date ?? '');
    expect(dates.length).toBeGreaterThan(100_000);
    expect(dates.length).toBeLessThan(150_000);
    expect(dates[0]).toBe(addDays(TODAY, -1));
    expect(dates.at(-1)).toBe(addDays(TODAY, -730));
    expect(dates.every((date, i) => i === 0 || date <= (dates[i - 1] ?? ''))).toBe(true);
  });

  it('should leave 15 to 25 % of the shelves below their reorder point by now, and a few at the count', () => {
    const reorder = new Map(rows('products').map((row) => [row.sku, number(row.reorder_point)]));
    const counted = rows('stock').at(0)?.date ?? '';
    const sold = soldSince(counted);
    const shelves = rows('stock').map((row) => ({
      at: number(row.quantity),
      now: number(row.quantity) - (sold.get(key(row)) ?? 0),
      point: reorder.get(row.sku) ?? 0,
    }));
    const low = shelves.filter((shelf) => shelf.now < shelf.point).length;
    expect(low / shelves.length).toBeGreaterThan(0.13);
    expect(low / shelves.length).toBeLessThan(0.25);
    expect(shelves.filter((shelf) => shelf.at < shelf.point).length).toBeGreaterThan(3);
    expect(shelves.filter((shelf) => shelf.at < shelf.point).length).toBeLessThan(25);
    // nothing sold that was not there
    expect(shelves.filter((shelf) => shelf.now < -1e-9)).toEqual([]);
    const milk = rows('stock').find((row) => row.store === 'CCS01' && row.sku === 'LAC001') ?? {};
    expect(number(milk.quantity) - (sold.get('CCS01 LAC001') ?? 0)).toBeLessThan(reorder.get('LAC001') ?? 0);
  });

  it('should show pay days, weekends, December and promotions in demand', () => {
    const units = new Map<string, number>();
    for (const row of rows('sales')) units.set(row.date ?? '', (units.get(row.date ?? '') ?? 0) + number(row.quantity));
    const mean = (pick: (date: string) => boolean): number => {
      const days = Array.from(units).filter(([date]) => pick(date));
      return days.reduce((sum, [, quantity]) => sum + quantity, 0) / days.length;
    };
    const usual = mean((date) => date.slice(8) === '10' && !date.includes('-12-'));
    expect(mean((date) => date.slice(8) === '15' && !date.includes('-12-')) / usual).toBeGreaterThan(1.2);
    expect(mean((date) => date.includes('-12-')) / mean(() => true)).toBeGreaterThan(1.1);
    expect(mean((date) => weekday(date) === 6) / mean((date) => weekday(date) === 2)).toBeGreaterThan(1.3);
    const rice = rows('sales').filter((row) => row.sku === 'VIV002' && row.store === 'CCS01' && (row.date ?? '') < '2026-11-01');
    const mine = (flag: string): number => {
      const some = rice.filter((row) => row.promotion === flag);
      return some.reduce((sum, row) => sum + number(row.quantity), 0) / some.length;
    };
    expect(mine('1') / mine('0')).toBeGreaterThan(1.3);
  });

  it('should close on Christmas Day, have stock-outs and take goods back', () => {
    expect(rows('sales').filter((row) => row.date === '2025-12-25')).toEqual([]);
    expect(rows('calendar')).toContainEqual({
      date: '2025-12-25',
      store: '',
      kind: 'closed',
      sku: '',
      value: '',
      name: 'Navidad',
    });
    const harina = new Set(
      rows('sales')
        .filter((row) => row.sku === 'VIV001')
        .map((row) => `${row.store} ${row.date}`),
    );
    // a product of 34 a day that does not sell on an open day was out of stock
    expect(harina.size).toBeLessThan(5 * (730 - 6));
    const returns = rows('sales').filter((row) => number(row.quantity) < 0).length;
    expect(returns).toBeGreaterThan(100);
    expect(returns).toBeLessThan(1500);
  });

  it('should be single tickets of several products in the last week only', () => {
    const ticketed = rows('sales').filter((row) => row.ticket !== '');
    expect(ticketed.at(-1)?.date).toBe(addDays(TODAY, -7));
    const tickets = new Set(ticketed.map((row) => row.ticket));
    expect(ticketed.length / tickets.size).toBeGreaterThan(1.5);
    expect(rows('sales').filter((row) => (row.date ?? '') >= addDays(TODAY, -7) && row.ticket === '')).toEqual([]);
  });

  it('should give the same files for the same day and seed, and others for another seed', async () => {
    const again = mkdtempSync(path.join(os.tmpdir(), 'fluxion-demo-'));
    await writeDemo(again, { today: TODAY });
    for (const kind of KINDS) expect(read(again, kind) === read(dir, kind)).toBe(true);
    await writeDemo(again, { today: TODAY, seed: 'other' });
    expect(read(again, 'sales') === read(dir, 'sales')).toBe(false);
    rmSync(again, { recursive: true });
  }, 30_000);

  it('should say that it is simulated', () =>
    expect(readFileSync(path.join(dir, 'README.txt'), 'utf8')).toMatch(/SIMULATED DATA/));
});
