import { randomUUID } from 'node:crypto';
import type { MediumDatabase } from '../../support/medium-database.js';

/** One movement: product, store, type, kind, quantity, and what else the row has. */
export interface MovementRow {
  product: string;
  quantity: number | string;
  store?: string;
  type?: string;
  kind?: string;
  cost?: number;
  reason?: string;
  allowNegative?: boolean;
}

export interface Level {
  quantity_on_hand: string;
  quantity_available: string;
  cost_per_unit: string | null;
  alert_point: string | null;
  below_reorder: boolean;
}

/** What the triggers told the queue: name of the job and the (product, store) pairs. */
export interface Told {
  name: string;
  pairs: [string, string][];
}

/** Rows and questions of the stock tests, as a job of tenant acme. */
export class StockLab {
  store = '';

  constructor(readonly db: MediumDatabase) {}

  query<R extends object>(sql: string, values: unknown[] = []): Promise<R[]> {
    return this.db.as(this.db.acme, () => this.db.unit.query<R>(sql, values));
  }

  async newStore(): Promise<string> {
    const [row] = await this.query<{ id: string }>('INSERT INTO stores (code, name) VALUES ($1, $1) RETURNING id', [
      `S-${randomUUID().slice(0, 8)}`,
    ]);
    return row!.id;
  }

  /** @param columns overrides, e.g. `{ reorder_point: 10 }` */
  async newProduct(columns: Record<string, unknown> = {}): Promise<string> {
    const row = { sku: `P-${randomUUID().slice(0, 8)}`, name: 'Leche Entera Santa Bárbara', ...columns };
    const names = Object.keys(row);
    const [made] = await this.query<{ id: string }>(
      `INSERT INTO products (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING id`,
      Object.values(row),
    );
    return made!.id;
  }

  async move(...rows: MovementRow[]): Promise<void> {
    const all = rows.map((row) => {
      const out = Number(row.quantity) < 0;
      return { store: this.store, type: out ? 'out' : 'in', kind: out ? 'sold' : 'received', ...row };
    });
    await this.query(
      `INSERT INTO inventory_movements (product_id, store_id, movement_type, kind, quantity, cost_per_unit, reason_code, allow_negative)
       SELECT p, s, t, k, q, c, r, coalesce(n, false)
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::text[], $8::boolean[]) AS x (p, s, t, k, q, c, r, n)`,
      [
        all.map((row) => row.product),
        all.map((row) => row.store),
        all.map((row) => row.type),
        all.map((row) => row.kind),
        all.map((row) => row.quantity),
        all.map((row) => row.cost ?? null),
        all.map((row) => row.reason ?? null),
        all.map((row) => row.allowNegative ?? null),
      ],
    );
  }

  async level(product: string, store: string = this.store): Promise<Level> {
    const [row] = await this.query<Level>('SELECT * FROM inventory WHERE product_id = $1 AND store_id = $2', [product, store]);
    return row!;
  }

  /** The jobs enqueued since the last call. */
  async told(): Promise<Told[]> {
    const { rows } = await this.db.root.query<{ name: string; data: { tenant: string; products: string[]; stores: string[] } }>(
      `DELETE FROM bullmq.job WHERE name IN ('stock.crossed', 'stock.recovered') RETURNING name, data`,
    );
    for (const { data } of rows) expect(data.tenant).toBe(this.db.acme.id);
    return rows.map(({ name, data }) => ({ name, pairs: data.products.map((product, i) => [product, data.stores[i]!]) }));
  }
}
