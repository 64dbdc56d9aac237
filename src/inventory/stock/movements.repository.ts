import { Injectable } from '@nestjs/common';
import { Statement } from '../../kernel/database/statement.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { InsufficientStockError } from './insufficient-stock.js';
import type { MovementKind, MovementType } from './movement-kind.js';
import { REFUSED_LINES, RefusedLinesError } from './refused-lines.js';

export const REFERENCE_TYPES = ['purchase', 'sale', 'transfer', 'adjustment', 'return', 'count', 'opening', 'reversal'] as const;
export type ReferenceType = (typeof REFERENCE_TYPES)[number];

/** One change of stock to be recorded. */
export interface MovementLine {
  productId: string;
  storeId: string;
  type: MovementType;
  kind: MovementKind;
  /** signed: below zero it leaves the store */
  quantity: string;
  /** cost of one unit; absent: what leaves takes the average cost, what comes in without cost leaves the average as it is */
  unitCost?: string | null;
  /** take the average cost of this store (the other side of a transfer) */
  costOfStoreId?: string | null;
  referenceType?: ReferenceType | null;
  referenceId?: string | null;
  /** the movement that this one takes back */
  reversalOf?: string | null;
  /** a reason code, or words */
  reason?: string | null;
  /** ISO instant; absent: now */
  occurredAt?: string | null;
  /** a fact that has happened (imported sale): not refused when stock falls below zero */
  allowNegative?: boolean;
}

export interface Movement {
  id: string;
  productId: string;
  storeId: string;
  type: MovementType;
  kind: MovementKind;
  quantity: string;
  unitCost: string | null;
  totalCost: string | null;
  /** stock on hand of the product in the store after the movement */
  balance: string;
  reason: string | null;
  reasonCode: string | null;
  referenceType: ReferenceType | null;
  referenceId: string | null;
  createdBy: string | null;
  occurredAt: Date;
  recordedAt: Date;
}

const TYPES = [
  'uuid',
  'uuid',
  'text',
  'text',
  'numeric',
  'numeric',
  'uuid',
  'text',
  'uuid',
  'text',
  'timestamptz',
  'boolean',
  'uuid',
];

const ANSWER = `SELECT m.id, c.product_id AS "productId", c.store_id AS "storeId", c.movement_type AS type, c.kind, m.quantity,
       m.cost_per_unit AS "unitCost", m.total_cost AS "totalCost", m.balance_after AS balance,
       m.notes AS reason, c.reason_code AS "reasonCode", c.reference_type AS "referenceType", c.reference_id AS "referenceId",
       m.created_by AS "createdBy", c.at AS "occurredAt", m.recorded_at AS "recordedAt"
  FROM checked c JOIN moved m USING (id) ORDER BY c.n`;

// The levels are locked in key order first: the average cost and the balance are then those that this movement finds.
// Everything is checked before the one INSERT, whose trigger moves the levels and refuses what would fall below zero.
// Planning it costs more than running it: `(SELECT $n)` hides how long the arrays are, so that the server sees no gain in planning for each
// call and keeps one plan (a movement 2.0 -> 1.1 ms on a busy machine); `OFFSET 0` makes each look-up one by index, whatever the estimate.
// Of many lines the planner must know how many: joined by nested loops, 4,000 of them would be 16 million comparisons.
// A product and a store that have a level exist: what leaves at a known cost asks for neither.
const record = (isBulk: boolean, isAnswered: boolean): string => `
WITH line AS MATERIALIZED (
  SELECT * FROM unnest(${TYPES.map((type, index) => (isBulk ? `$${index + 1}::${type}[]` : `(SELECT $${index + 1}::${type}[])`)).join(', ')})
    WITH ORDINALITY AS l (product_id, store_id, movement_type, kind, quantity, cost, cost_store, reference_type, reference_id, reason,
    occurred_at, allow_negative, reversal_of, n)
), level AS MATERIALIZED (
  SELECT i.product_id, i.store_id, i.quantity_on_hand, i.cost_per_unit FROM inventory i
   WHERE (i.product_id, i.store_id) IN (SELECT product_id, store_id FROM line)
   ORDER BY i.product_id, i.store_id FOR NO KEY UPDATE
), checked AS MATERIALIZED (
  SELECT c.*, ext.uuid_v7(c.at) AS id FROM (
    SELECT l.*, coalesce(l.occurred_at, clock_timestamp()) AS at, r.code AS reason_code,
           coalesce(v.quantity_on_hand, 0) + sum(l.quantity) OVER (PARTITION BY l.product_id, l.store_id ORDER BY l.n) AS balance,
           coalesce(l.cost, CASE
             WHEN l.cost_store IS NOT NULL THEN coalesce((SELECT o.cost_per_unit FROM level o
               WHERE o.product_id = l.product_id AND o.store_id = l.cost_store), nullif(p.cost_price, 0))
             WHEN l.quantity < 0 THEN coalesce(v.cost_per_unit, nullif(p.cost_price, 0)) END) AS unit_cost,
           CASE WHEN coalesce(p.id, v.product_id) IS NULL THEN 'unknown_product'
                WHEN coalesce(s.id, v.store_id) IS NULL THEN 'unknown_store'
                WHEN l.quantity > 0 AND l.movement_type IN ('in', 'transfer') AND NOT p.is_active THEN 'inactive_product'
                WHEN l.quantity > 0 AND l.movement_type IN ('in', 'transfer') AND NOT s.is_active THEN 'inactive_store'
                WHEN r.direction = CASE WHEN l.quantity > 0 THEN 'out' ELSE 'in' END THEN 'reason_direction' END AS fault
      FROM line l
      LEFT JOIN level v ON v.product_id = l.product_id AND v.store_id = l.store_id
      LEFT JOIN LATERAL (SELECT id, is_active, cost_price FROM products
         WHERE id = l.product_id AND (v.product_id IS NULL OR l.quantity > 0 OR l.cost_store IS NOT NULL OR coalesce(l.cost, v.cost_per_unit) IS NULL) OFFSET 0) p ON true
      LEFT JOIN LATERAL (SELECT id, is_active FROM stores
         WHERE id = l.store_id AND (v.store_id IS NULL OR l.quantity > 0) OFFSET 0) s ON true
      LEFT JOIN LATERAL (SELECT code, direction FROM reason_codes WHERE code = lower(l.reason) AND is_active OFFSET 0) r ON true) c
), refused AS MATERIALIZED (
  SELECT gate.refuse('${REFUSED_LINES}', json_agg(json_build_object('index', n - 1, 'fault', fault) ORDER BY n)::text)
    FROM checked WHERE fault IS NOT NULL HAVING count(*) > 0
), moved AS (
  INSERT INTO inventory_movements AS m (id, product_id, store_id, movement_type, kind, reference_type, reference_id, quantity, cost_per_unit,
    balance_after, reason_code, notes, allow_negative, reversal_of, created_at)
  SELECT id, product_id, store_id, movement_type, kind, reference_type, reference_id, quantity, unit_cost, balance, reason_code,
         CASE WHEN reason_code IS NULL THEN reason END, allow_negative, reversal_of, at
    FROM checked WHERE NOT EXISTS (SELECT FROM refused) ORDER BY n
  ${isAnswered ? 'RETURNING m.id, m.quantity, m.cost_per_unit, m.total_cost, m.balance_after, m.notes, m.created_by, m.recorded_at' : ''}
)
${isAnswered ? ANSWER : 'SELECT FROM refused'}`;

const FEW = record(false, false);
const FEW_ANSWERED = record(false, true);
const BULK = record(true, false);
const MOST_OF_FEW = 100;

/** The ledger of stock: the one way in. Also plain SQL that adds rows moves the levels; this adds cost, balance and clear refusals. */
@Injectable()
export class MovementsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /**
   * The statement that records all lines, or none when one has a fault, whatever their number. Several lines may name one product.
   * Every refusal of it is an error: RefusedLinesError for lines that cannot be recorded, InsufficientStockError when stock would fall below
   * zero where that is not allowed; nothing was recorded then.
   */
  recording(lines: readonly MovementLine[]): Statement<void> {
    const isBulk = lines.length > MOST_OF_FEW;
    return statementOf(lines, isBulk ? BULK : FEW, isBulk ? undefined : 'movements_record', () => undefined);
  }

  /** The same for a few lines, answered with a movement a line, in their order. */
  recordingAnswered(lines: readonly MovementLine[]): Statement<Movement[]> {
    return statementOf(lines, FEW_ANSWERED, 'movements_record_answered', (rows) => rows);
  }

  run<T>(statement: Statement<T>): Promise<T> {
    return this.unit.run(statement);
  }
}

function statementOf<T>(
  lines: readonly MovementLine[],
  text: string,
  name: string | undefined,
  answer: (rows: Movement[]) => T,
): Statement<T> {
  const column = <V>(read: (line: MovementLine) => V): V[] => lines.map(read);
  const values = [
    column(({ productId }) => productId),
    column(({ storeId }) => storeId),
    column(({ type }) => type),
    column(({ kind }) => kind),
    column(({ quantity }) => quantity),
    column(({ unitCost }) => unitCost ?? null),
    column(({ costOfStoreId }) => costOfStoreId ?? null),
    column(({ referenceType }) => referenceType ?? null),
    column(({ referenceId }) => referenceId ?? null),
    column(({ reason }) => reason ?? null),
    column(({ occurredAt }) => occurredAt ?? null),
    column(({ allowNegative }) => allowNegative ?? false),
    column(({ reversalOf }) => reversalOf ?? null),
  ];
  const refusal = (error: unknown): unknown => RefusedLinesError.from(InsufficientStockError.from(error));
  return new Statement(text, values, name, { answer, refusal });
}
