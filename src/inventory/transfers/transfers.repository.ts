import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { registerConstraints } from '../../kernel/errors/constraints.js';
import type { CreateTransferDto, TransferDto, TransfersQuery } from './transfers.dto.js';

registerConstraints({
  stock_transfer_items_stock_transfer_id_product_id_key: {
    code: 'http.validation_failed',
    pointer: '/items',
    field: 'field.duplicate',
  },
});

const COLUMNS = `t.id, t.transfer_number AS "transferNumber", t.status, t.from_store_id AS "fromStoreId", t.to_store_id AS "toStoreId", t.notes,
  coalesce((SELECT jsonb_agg(jsonb_build_object('productId', i.product_id, 'sku', p.sku, 'name', p.name, 'quantity', i.quantity::text,
      'quantityReceived', i.quantity_received::text) ORDER BY i.id)
    FROM stock_transfer_items i JOIN products p ON p.id = i.product_id WHERE i.stock_transfer_id = t.id), '[]') AS items,
  t.created_by AS "createdBy", t.received_at AS "receivedAt", t.created_at AS "createdAt", t.updated_at AS "updatedAt"`;

/** Both places of a transfer to be. */
export interface TransferPlaces {
  fromActive: boolean;
  toActive: boolean;
}

@Injectable()
export class TransfersRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Undefined when one of the stores does not exist. */
  async places(fromStoreId: string, toStoreId: string): Promise<TransferPlaces | undefined> {
    const [row] = await this.unit.query<TransferPlaces>(
      `SELECT f.is_active AS "fromActive", t.is_active AS "toActive" FROM stores f CROSS JOIN stores t WHERE f.id = $1 AND t.id = $2`,
      [fromStoreId, toStoreId],
    );
    return row;
  }

  /** Whether each of the products is active; null where there is none. In the order of the ids. */
  async products(ids: readonly string[]): Promise<(boolean | null)[]> {
    const rows = await this.unit.query<{ isActive: boolean | null }>(
      `SELECT p.is_active AS "isActive" FROM unnest($1::uuid[]) WITH ORDINALITY AS x (id, n) LEFT JOIN products p ON p.id = x.id ORDER BY x.n`,
      [ids],
    );
    return rows.map(({ isActive }) => isActive);
  }

  /** A draft with the next number, in one statement. */
  async create({ fromStoreId, toStoreId, items, notes }: CreateTransferDto): Promise<string> {
    const [row] = await this.unit.query<{ id: string }>(
      `WITH series AS (
         UPDATE invoice_series SET next_number = next_number + 1 WHERE document_type = 'stock_transfer' AND store_id IS NULL AND series = 'A'
         RETURNING prefix || lpad((next_number - 1)::text, greatest(digits, length((next_number - 1)::text)), '0') AS number),
       created AS (
         INSERT INTO stock_transfers (from_store_id, to_store_id, transfer_number, notes) SELECT $1, $2, number, $3 FROM series RETURNING id),
       items AS (
         INSERT INTO stock_transfer_items (stock_transfer_id, product_id, quantity)
         SELECT (SELECT id FROM created), i.product, i.quantity FROM unnest($4::uuid[], $5::numeric[]) WITH ORDINALITY AS i (product, quantity, n) ORDER BY i.n)
       SELECT id FROM created`,
      [fromStoreId, toStoreId, notes ?? null, items.map(({ productId }) => productId), items.map(({ quantity }) => quantity)],
    );
    if (!row) throw new Error('the tenant has no series of stock transfers');
    return row.id;
  }

  async find(id: string): Promise<TransferDto | undefined> {
    const [row] = await this.unit.query<TransferDto>(
      `SELECT ${COLUMNS} FROM stock_transfers t WHERE t.id = $1`,
      [id],
      'transfer_find',
    );
    return row;
  }

  /** Locks it until the transaction ends. */
  async lock(id: string): Promise<void> {
    await this.unit.execute('SELECT FROM stock_transfers WHERE id = $1 FOR NO KEY UPDATE', [id]);
  }

  /** Transfers, newest first. @param scope stores of which both have to be; null = all @param beforeId the last one of the page before */
  list(
    { status, storeId }: Pick<TransfersQuery, 'status' | 'storeId'>,
    scope: string[] | null,
    beforeId: string | null,
    limit: number,
  ) {
    return this.unit.query<TransferDto>(
      `SELECT ${COLUMNS} FROM stock_transfers t
        WHERE ($1::text IS NULL OR t.status = $1) AND ($2::uuid IS NULL OR $2 IN (t.from_store_id, t.to_store_id))
          AND ($3::uuid[] IS NULL OR (t.from_store_id = ANY ($3) AND t.to_store_id = ANY ($3))) AND ($4::uuid IS NULL OR t.id < $4)
        ORDER BY t.id DESC LIMIT $5`,
      [status ?? null, storeId ?? null, scope, beforeId, limit],
    );
  }

  /** Notes that everything has left and arrived. */
  async complete(id: string): Promise<void> {
    await this.unit.execute(
      `WITH items AS (
         UPDATE stock_transfer_items SET quantity_shipped = quantity, quantity_received = quantity WHERE stock_transfer_id = $1)
       UPDATE stock_transfers SET status = 'received', shipped_at = coalesce(shipped_at, now()), received_at = now() WHERE id = $1`,
      [id],
    );
  }

  async cancel(id: string): Promise<void> {
    await this.unit.execute(`UPDATE stock_transfers SET status = 'cancelled' WHERE id = $1`, [id]);
  }
}
