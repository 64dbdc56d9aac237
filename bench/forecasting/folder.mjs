import fs from 'node:fs';
import path from 'node:path';

const DAY = 86_400_000;

/** Rows of a small CSV of the import's form: header row, `,` or `;`, optional BOM, quotes around cells that need them. */
export function readCsv(file) {
  if (!fs.existsSync(file)) return [];
  const lines = fs
    .readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter(Boolean);
  const separator = lines[0].includes(';') ? ';' : ',';
  const cells = (line) => (line.includes('"') ? quoted(line, separator) : line.split(separator));
  const header = cells(lines[0]);
  return lines.slice(1).map((line) => Object.fromEntries(cells(line).map((cell, i) => [header[i], cell])));
}

function quoted(line, separator) {
  const cells = [];
  let cell = '';
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"' && inside && line[i + 1] === '"') cell += line[i++];
    else if (line[i] === '"') inside = !inside;
    else if (line[i] === separator && !inside) {
      cells.push(cell);
      cell = '';
    } else cell += line[i];
  }
  return [...cells, cell];
}

const isoDate = (text) => (/^\d{2}\/\d{2}\/\d{4}$/.test(text) ? text.split('/').toReversed().join('-') : text.slice(0, 10));
const dayOf = (text) => Math.round(Date.parse(`${isoDate(text)}T00:00:00Z`) / DAY);
const number = (text) => Number(String(text).replace(',', '.'));

/**
 * Daily series of a folder of the import's form (products, sales, calendar .csv): one a store and product that sold at least once,
 * from the first to the last sales date of the whole folder; a day without a row is a day without a sale. Promotions come from the calendar
 * alone: the flag on a sales line exists only where something sold, so that a plan made of it would tell what is to be forecast.
 */
export function readFolder(dir) {
  const products = new Map(readCsv(path.join(dir, 'products.csv')).map((row) => [row.sku, row]));
  const sales = readCsv(path.join(dir, 'sales.csv'));
  const days = sales.map((row) => dayOf(row.date));
  const first = days.reduce((a, b) => Math.min(a, b), Infinity);
  const n = days.reduce((a, b) => Math.max(a, b), -Infinity) - first + 1;
  const series = new Map();
  const start = new Date(first * DAY).toISOString().slice(0, 10);
  sales.forEach((row, i) => {
    const id = `${row.store}/${row.sku}`;
    let one = series.get(id);
    if (!one) {
      one = {
        id,
        store: row.store,
        sku: row.sku,
        group: products.get(row.sku)?.category,
        start,
        freq: 'D',
        y: new Float64Array(n),
        promo: new Float64Array(n),
        price: new Float64Array(n).fill(NaN),
        closed: new Uint8Array(n),
      };
      series.set(id, one);
    }
    const at = days[i] - first;
    one.y[at] += number(row.quantity);
  });
  addCalendar([...series.values()], readCsv(path.join(dir, 'calendar.csv')), first, n);
  return [...series.values()];
}

/** Calendar rows: without a store or SKU they hold for all of them. */
function addCalendar(series, rows, first, n) {
  const bySku = new Map();
  for (const one of series) bySku.set(one.sku, [...(bySku.get(one.sku) ?? []), one]);
  for (const row of rows) {
    const at = dayOf(row.date) - first;
    if (at < 0 || at >= n) continue;
    for (const one of row.sku ? (bySku.get(row.sku) ?? []) : series) {
      if (row.store && row.store !== one.store) continue;
      if (row.kind === 'promotion') one.promo[at] = 1;
      else if (row.kind === 'closed') one.closed[at] = 1;
      else if (row.kind === 'price') one.price[at] = number(row.value);
    }
  }
}

/** The series as known at period `origin`, with the next `horizon` periods' promotions, prices and closed days as plan. */
export function cutAt(one, origin, horizon) {
  const end = origin + horizon;
  const known = one.price.some(Number.isFinite);
  return {
    id: one.id,
    start: one.start,
    freq: one.freq,
    group: one.group,
    horizon,
    y: one.y.slice(0, origin),
    promo: one.promo.slice(0, origin),
    closed: one.closed.slice(0, origin),
    ...(known ? { price: one.price.slice(0, origin) } : {}),
    future: {
      promo: one.promo.slice(origin, end),
      closed: one.closed.slice(origin, end),
      ...(known ? { price: one.price.slice(origin, end) } : {}),
    },
  };
}

/** Marks gaps of at most `days` between two promotion days as promoted; changes its argument. */
export function closeGaps(promo, days) {
  let last = -Infinity;
  for (let i = 0; i < promo.length; i++) {
    if (promo[i] === 0) continue;
    if (i - last - 1 <= days) promo.fill(1, last + 1, i);
    last = i;
  }
}
