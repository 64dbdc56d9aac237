// A chain of stores with generated sales, written straight into a tenant's tables: what an import would take hours for is there in minutes.
import { DemandGenerator, LONGEST_HISTORY } from '../../dist/forecasting/generator/demand-generator.js';
import { copyIn, inChunks } from '../support/copy.mjs';

/** Products of a store: a chain of more series has more stores. */
export const ASSORTMENT = 1_000;
const CATEGORIES = 20;
const DAY = 86_400_000;

/** A v7 uuid of an instant; one of each kind and number. */
function uuid(ms, kind, number) {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind}-8000-${number.toString(16).padStart(12, '0')}`;
}

const KINDS = {
  store: '001',
  product: '002',
  category: '003',
  sale: '004',
  line: '005',
  movement: '006',
  level: '007',
  calendar: '008',
};

class Chain {
  constructor(root, tenant, { seed, series, lastDay }) {
    this.root = root;
    this.tenant = tenant;
    this.products = Math.min(series, ASSORTMENT);
    this.stores = Math.ceil(series / this.products);
    this.series = series;
    this.end = Date.parse(`${lastDay}T00:00:00Z`);
    this.start = this.end - (LONGEST_HISTORY - 1) * DAY;
    this.generator = new DemandGenerator(seed, new Date(this.start).toISOString().slice(0, 10));
    this.traits = Array.from({ length: this.products }, (_, p) => this.generator.product(p));
    this.written = { lines: 0, movements: 0 };
  }

  date(day) {
    return new Date(this.start + day * DAY).toISOString().slice(0, 10);
  }

  // an hour of business of that local day, whatever the zone
  instant(day, hour = 16) {
    return new Date(this.start + day * DAY + hour * 3_600_000).toISOString();
  }

  id(kind, number, day = 0) {
    return uuid(this.start + day * DAY, KINDS[kind], number);
  }

  copy(table, columns, lines) {
    return copyIn(this.root, `${this.tenant.schema}.${table} (tenant_id, ${columns})`, inChunks(lines));
  }

  async write(log) {
    const { root, tenant } = this;
    // the ledger's and the alerts' triggers would look at every row: levels are written as they have to be
    await root.query('SET session_replication_role = replica');
    await this.writeCatalog();
    for (let store = 0; store < this.stores; store++) {
      await this.writeStore(store);
      log(`loaded store ${store + 1} of ${this.stores}: ${this.written.lines} lines of sales`);
    }
    await root.query('SET session_replication_role = origin');
    for (const table of ['stores', 'products', 'sales', 'sale_items', 'inventory', 'inventory_movements', 'calendar_days'])
      await root.query(`ANALYZE ${tenant.schema}.${table}`);
    return this.written;
  }

  async writeCatalog() {
    const { tenant, root } = this;
    const { rows } = await root.query(`SELECT id FROM ${tenant.schema}.tax_categories WHERE is_default`);
    const of = (count) => Array.from({ length: count }, (_, n) => n);
    await this.copy(
      'stores',
      'id, code, name',
      of(this.stores).map((n) => `${tenant.id}\t${this.id('store', n)}\tS${n}\tStore ${n}\n`),
    );
    const category = (n) => `${tenant.id}\t${this.id('category', n)}\tC${n}\tCategory ${n}\n`;
    await this.copy('categories', 'id, code, name', of(CATEGORIES).map(category));
    const product = (n) => {
      const { unitPrice, leadTimeDays } = this.traits[n];
      const group = this.id('category', n % CATEGORIES);
      return `${tenant.id}\t${this.id('product', n)}\tP${n}\tProduct ${n}\t${group}\t${rows[0].id}\t16\t${unitPrice}\t${leadTimeDays}\n`;
    };
    const columns = 'id, sku, name, category_id, tax_category_id, tax_rate, selling_price, lead_time_days';
    await this.copy('products', columns, of(this.products).map(product));
    await this.copy('calendar_days', 'id, date, kind, product_id', this.promotions());
  }

  *promotions() {
    let n = 0;
    for (const [p, { promotions }] of this.traits.entries())
      for (const [first, last] of promotions)
        for (let day = first; day <= last; day++, n++)
          yield `${this.tenant.id}\t${this.id('calendar', n)}\t${this.date(day)}\tpromotion\t${this.id('product', p)}\n`;
  }

  async writeStore(store) {
    const count = Math.min(this.products, this.series - store * this.products);
    const series = Array.from({ length: count }, (_, p) => this.generator.series(store, p, this.traits[p]));
    const first = Math.min(...series.map((one) => one.first));
    const sale = (day) => this.id('sale', store * LONGEST_HISTORY + day, day);
    await this.copy('sales', 'id, store_id, business_date, source, created_at, recorded_at', this.tickets(store, first, sale));
    const columns = 'id, sale_id, line_number, product_id, quantity, unit_price, net_total, moves_stock, created_at';
    this.written.lines += await this.copy('sale_items', columns, this.lines(store, series, first, sale));
    await this.copy(
      'inventory',
      'id, product_id, store_id, quantity_on_hand, alert_point, last_movement_at',
      this.levels(store, series),
    );
    const moved = 'id, product_id, store_id, movement_type, kind, quantity, created_at, recorded_at';
    this.written.movements += await this.copy('inventory_movements', moved, this.movements(store, series));
  }

  *tickets(store, first, sale) {
    for (let day = first; day < LONGEST_HISTORY; day++)
      yield `${this.tenant.id}\t${sale(day)}\t${this.id('store', store)}\t${this.date(day)}\timport\t${this.instant(day)}\t${this.instant(day)}\n`;
  }

  *lines(store, series, first, sale) {
    for (let day = first; day < LONGEST_HISTORY; day++) {
      const at = this.instant(day);
      for (const [p, { sold }] of series.entries()) {
        if (sold[day] === 0) continue;
        const id = this.id('line', (store * this.products + p) * LONGEST_HISTORY + day, day);
        const { unitPrice } = this.traits[p];
        const net = (sold[day] * unitPrice).toFixed(2);
        yield `${this.tenant.id}\t${id}\t${sale(day)}\t${p + 1}\t${this.id('product', p)}\t${sold[day]}\t${unitPrice}\t${net}\tf\t${at}\n`;
      }
    }
  }

  *levels(store, series) {
    for (const [p, { onHand }] of series.entries())
      yield `${this.tenant.id}\t${this.id('level', store * this.products + p)}\t${this.id('product', p)}\t${this.id('store', store)}\t${onHand}\t0\t${this.instant(LONGEST_HISTORY - 1)}\n`;
  }

  /** Only what makes the ledger know the stock-outs: all is gone on the first day of one, and back on the day after the last. */
  *movements(store, series) {
    for (const [p, { onHand, stockouts, first }] of series.entries()) {
      let n = 0;
      const row = (day, quantity) => {
        const id = this.id('movement', (store * this.products + p) * 32 + n++, day);
        const at = this.instant(day, 12);
        const kind = quantity > 0 ? 'in\treceived' : 'out\tsold';
        return `${this.tenant.id}\t${id}\t${this.id('product', p)}\t${this.id('store', store)}\t${kind}\t${quantity}\t${at}\t${at}\n`;
      };
      yield row(first, onHand);
      for (const [from, to] of stockouts) {
        yield row(from, -onHand);
        yield row(to + 1, onHand);
      }
    }
  }
}

/**
 * @param {import('pg').Client} root superuser
 * @param {{ id: string, schema: string }} tenant without any data yet
 * @param {{ seed: number, series: number, lastDay: string }} options lastDay: the last of the history, YYYY-MM-DD
 * @returns {Promise<{ lines: number, movements: number }>} what was written
 */
export function writeChain(root, tenant, options, log) {
  return new Chain(root, tenant, options).write(log);
}
