import type { SuggestionDto } from '../../../src/forecasting/replenishment/suggestions.dto.js';
import type { SuggestionsResult } from '../../../src/forecasting/replenishment/replenishment.events.js';
import { RunLab } from './run-lab.js';

export interface SuggestionState {
  id: string;
  kind: string;
  status: string;
  store_id: string;
  from_store_id: string | null;
  quantity: string;
  reason: string;
  holds_off: boolean;
  data: Record<string, unknown>;
  updated_at: Date;
}

/** A shop whose products sell evenly, with suppliers that ask for packs. */
export class ReplenishmentLab {
  supplier = '';

  private constructor(readonly runs: RunLab) {}

  static async open(name: string): Promise<ReplenishmentLab> {
    const lab = new ReplenishmentLab(await RunLab.open(name));
    lab.supplier = await lab.newSupplier();
    return lab;
  }

  async newSupplier(columns: { lead?: number; least?: number } = {}): Promise<string> {
    const [row] = await this.runs.query<{ id: string }>(
      `INSERT INTO suppliers (code, business_name, lead_time_days, min_order_amount)
       VALUES ('S' || (SELECT count(*) FROM suppliers), 'Proveedor', $1, $2) RETURNING id`,
      [columns.lead ?? 6, columns.least ?? null],
    );
    return row!.id;
  }

  /** A product of the supplier, in packs of 12 and at least 24, that sells `rate` a day in the store. */
  async selling(
    rate: number,
    onHand: number,
    { store = this.runs.store, ...columns }: Record<string, unknown> & { store?: string } = {},
  ) {
    const product = await this.runs.newProduct({
      reorder_point: 0,
      supplier_id: this.supplier,
      cost_price: 2,
      selling_price: 3,
      ...columns,
    });
    await this.runs.query(
      `INSERT INTO product_suppliers (product_id, supplier_id, pack_size, min_order_quantity, unit_cost) VALUES ($1, $2, 12, 24, 1.8)`,
      [product, columns['supplier_id'] ?? this.supplier],
    );
    await this.sells(product, rate, store);
    if (onHand > 0) await this.runs.move({ product, quantity: onHand, store });
    return product;
  }

  sells(product: string, rate: number, store: string = this.runs.store): Promise<void> {
    return this.runs.sell(product, 90, (ago) => rate + ((ago * 7) % 3) - 1, store);
  }

  /** Does what a worker would with the job. */
  suggest(): Promise<SuggestionsResult> {
    const { runs } = this;
    return runs.run(() => runs.replenishment.jobs.suggest({ day: runs.today }, runs.handle('suggest')), {
      via: 'job:replenishment.suggest',
    });
  }

  rowsOf(product: string, status?: string): Promise<SuggestionState[]> {
    return this.runs.query<SuggestionState>(
      `SELECT * FROM reorder_suggestions WHERE product_id = $1 AND ($2::text IS NULL OR status = $2) ORDER BY id`,
      [product, status ?? null],
    );
  }

  async open(product: string): Promise<SuggestionDto[]> {
    const { data } = await this.runs.run(() => this.runs.replenishment.suggestions.list({ productId: product, limit: 50 }));
    return data;
  }

  accept(suggestionIds: string[], quantities?: { suggestionId: string; quantity: string }[]) {
    return this.runs.run(() => this.runs.replenishment.acceptance.accept({ suggestionIds, ...(quantities && { quantities }) }));
  }
}
