import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { addDays } from '../kernel/time/zone.js';
import { PRODUCTS, STORES, SUPPLIERS } from './catalog.js';
import { Random } from './random.js';
import {
  COUNTED_DAYS,
  DAYS,
  PLANNED_DAYS,
  PROMOTION_PRICE,
  SCALE,
  simulate,
  type DemoHistory,
  type DemoSeries,
} from './simulation.js';

export interface DemoOptions {
  /** today in the tenant's time zone, ISO: history ends the day before */
  readonly today: string;
  /** the same seed and day give the same files */
  readonly seed?: string;
}

/** Days at the end whose sales are single tickets; older ones are a line a product, shop and day, as back offices export them. */
const TICKET_DAYS = 7;

const NOTE = `SIMULATED DATA / DATOS SIMULADOS

The sales, stock and promotions in this folder were made by a program (src/demo): no shop sold them. The chain, its suppliers and their
tax numbers are invented, but for the two records of the project's design documents (supplier POLAR, product LAC001).
Ventas, existencias y promociones de esta carpeta son simuladas: no provienen de ninguna tienda.
`;

/**
 * Writes the demo chain as the import's six files, and a note that says they are simulated.
 * Sales come newest first: the import takes files from the top, so what still moves stock is in within the first thousands of lines, and
 * the two years before that only feed the forecasts.
 */
export async function writeDemo(dir: string, { today, seed = 'fluxion' }: DemoOptions): Promise<void> {
  await mkdir(dir, { recursive: true });
  const history = simulate(today, seed);
  await writeFile(path.join(dir, 'README.txt'), NOTE);
  await writeLines(dir, 'stores.csv', [storeLines()]);
  await writeLines(dir, 'suppliers.csv', [supplierLines()]);
  await writeLines(dir, 'products.csv', [productLines(history)]);
  await writeLines(dir, 'calendar.csv', [calendarLines(history)]);
  await writeLines(dir, 'stock.csv', [stockLines(history)]);
  await writeLines(dir, 'sales.csv', salesByDay(history, seed));
}

/** Whole or not at all: a file that is cut off by a kill must not be taken for the demo. */
async function writeLines(dir: string, name: string, parts: Iterable<string>): Promise<void> {
  const draft = path.join(dir, `.${name}.${process.pid}`);
  await pipeline(Readable.from(parts, { objectMode: true }), createWriteStream(draft));
  await rename(draft, path.join(dir, name));
}

const lines = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
  `${header}\n${rows.map((row) => `${row.map(field).join(',')}\n`).join('')}`;

const field = (value: string | number): string =>
  typeof value === 'string' && value.includes(',') ? `"${value}"` : String(value);

const storeLines = (): string =>
  lines(
    'code,name,type',
    STORES.map((store) => [store.code, store.name, store.type]),
  );

const supplierLines = (): string =>
  lines(
    'code,name,tax_id,lead_time_days',
    SUPPLIERS.map((supplier) => [supplier.code, supplier.name, supplier.taxId, supplier.leadTimeDays]),
  );

function productLines({ reorderPoints }: DemoHistory): string {
  return lines(
    'sku,name,category,supplier,unit_type,barcode,cost_price,sale_price,tax_category,min_stock_level,reorder_point',
    PRODUCTS.map((product) => {
      const reorderPoint = reorderPoints.get(product.sku) ?? 0;
      const { sku, name, category, supplier, unit, barcode, cost, price, tax } = product;
      return [
        sku,
        name,
        category,
        supplier,
        unit,
        barcode,
        cost.toFixed(2),
        price.toFixed(2),
        tax,
        Math.ceil(reorderPoint / 3),
        reorderPoint,
      ];
    }),
  );
}

function calendarLines({ from, holidays, promotions }: DemoHistory): string {
  const rows: (string | number)[][] = [];
  for (const { date, name, closed } of holidays) {
    rows.push([date, '', 'holiday', '', '', name]);
    if (closed) rows.push([date, '', 'closed', '', '', name]);
  }
  for (let day = 0; day < DAYS + PLANNED_DAYS; day++) {
    const date = addDays(from, day);
    for (const { sku } of PRODUCTS) if (promotions.get(sku)?.[day]) rows.push([date, '', 'promotion', sku, 1, '']);
  }
  return lines('date,store,kind,sku,value,name', rows);
}

function stockLines({ to, series }: DemoHistory): string {
  const date = addDays(to, 1 - COUNTED_DAYS);
  return lines(
    'store,sku,quantity,unit_cost,date',
    series.map(({ store, product, counted }) => [store.code, product.sku, counted / SCALE, product.cost.toFixed(2), date]),
  );
}

/** The sales of each day as one text, newest day first. */
function* salesByDay(history: DemoHistory, seed: string): Generator<string> {
  yield 'date,store,sku,quantity,unit_price,ticket,promotion\n';
  const random = new Random(`${seed} tickets`);
  const shops = STORES.filter((store) => store.factor > 0).map((store) =>
    history.series.filter((series) => series.store === store),
  );
  for (let day = DAYS - 1; day >= 0; day--) {
    const write = DAYS - day <= TICKET_DAYS ? ticketLines : dayLines;
    const date = addDays(history.from, day);
    yield shops.map((series) => write({ history, series, day, date, random })).join('');
  }
}

interface ShopDay {
  readonly history: DemoHistory;
  readonly series: readonly DemoSeries[];
  readonly day: number;
  readonly date: string;
  readonly random: Random;
}

interface SoldLine {
  readonly sku: string;
  readonly quantity: number;
  readonly tail: (ticket: string) => string;
}

/** What a shop sold and took back on a day. */
function* soldOn({ history, series, day }: ShopDay): Generator<SoldLine> {
  for (const { product, sold, returned } of series) {
    const promoted = history.promotions.get(product.sku)?.[day] ? 1 : 0;
    const price = priceOn(product.price, day, promoted);
    const tail = (ticket: string): string => `,${price},${ticket},${promoted}\n`;
    if ((sold[day] ?? 0) > 0) yield { sku: product.sku, quantity: sold[day] ?? 0, tail };
    if ((returned[day] ?? 0) > 0) yield { sku: product.sku, quantity: -(returned[day] ?? 0), tail };
  }
}

function dayLines(shop: ShopDay): string {
  const start = `${shop.date},${shop.series[0]?.store.code ?? ''},`;
  let text = '';
  for (const { sku, quantity, tail } of soldOn(shop)) text += `${start}${sku},${quantity / SCALE}${tail('')}`;
  return text;
}

/** The same day as its tickets: each product's quantity is split among customers, who buy several products each. */
function ticketLines(shop: ShopDay): string {
  const { date, series, random } = shop;
  const store = series[0]?.store.code ?? '';
  const sold = Array.from(soldOn(shop));
  const customers = Math.max(1, Math.ceil(sold.length * 1.5));
  const baskets = Array.from({ length: customers }, () => new Map<SoldLine, number>());
  for (const line of sold) {
    const portion = Math.max(SCALE, Math.ceil(line.quantity / 6 / SCALE) * SCALE);
    for (let left = line.quantity; left !== 0;) {
      const taken = line.quantity < 0 ? left : Math.min(left, portion * random.whole(1, 2));
      const basket = baskets[random.whole(0, customers - 1)];
      basket?.set(line, (basket.get(line) ?? 0) + taken);
      left -= taken;
    }
  }
  let number = 0;
  let text = '';
  for (const basket of baskets) {
    if (basket.size === 0) continue;
    const ticket = `${store}-${date.replaceAll('-', '')}-${String(++number).padStart(4, '0')}`;
    for (const [{ sku, tail }, quantity] of basket) text += `${date},${store},${sku},${quantity / SCALE}${tail(ticket)}`;
  }
  return text;
}

/** Prices rise two per cent every half year; promotions take fifteen off. */
function priceOn(price: number, day: number, promoted: number): string {
  const halfYears = Math.floor((DAYS - 1 - day) / 182);
  return (price * (1 - 0.02 * halfYears) * (promoted ? PROMOTION_PRICE : 1)).toFixed(2);
}
