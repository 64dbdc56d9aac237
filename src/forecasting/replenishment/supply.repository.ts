import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { NIL_UUID } from '../../kernel/database/uuid-v7.js';
import type { DemandSums } from '../engine/demand-sums.js';
import type { Arrival } from '../forecasts/stock-projection.js';
import type { DemandClass } from '../models/demand-class.js';
import type { PolicyRules } from './parameters.js';
import type { SupplyItem } from './supply-item.js';

/** Quantities and costs travel as decimal texts. */
interface SupplyRow {
  productId: string;
  storeId: string;
  sku: string;
  productName: string;
  unitType: string;
  storeName: string;
  storeType: string;
  supplierId: string | null;
  supplierName: string | null;
  unitCost: string | null;
  sellingPrice: string | null;
  packSize: string;
  minOrderQuantity: string;
  leadTimeDays: number;
  leadTimeSource: SupplyItem['leadTimeSource'];
  onHand: string;
  reserved: string;
  alertPoint: string;
  minStock: string;
  maxStock: string | null;
  onOrder: string;
  inDrafts: string;
  transfersIn: string;
  transfersOut: string;
  arrivals: string | null;
  runId: string | null;
  sums: DemandSums | null;
  demandClass: DemandClass | null;
  daily: string | null;
  heldOff: (string | null)[] | null;
  productRules: PolicyRules | null;
  ownRules: PolicyRules | null;
}

const RULES = (
  alias: string,
): string => `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('reorderPointMode', ${alias}.reorder_point_mode,
  'serviceLevel', ${alias}.service_level, 'coverDays', ${alias}.cover_days, 'shelfLifeDays', ${alias}.shelf_life_days) END`;

/** A forecast whose first day lies longer back says nothing of today. */
const FRESH_DAYS = 28;

const ITEMS = `
WITH items AS MATERIALIZED (SELECT * FROM supply_items($1, $2, $3, $4)),
expected AS (
  SELECT f.product_id, f.store_id, f.run_id, f.metadata -> 'sums' AS sums, f.metadata ->> 'class' AS class
    FROM current_reorder_forecasts f
   WHERE f.product_id = ANY (ARRAY(SELECT DISTINCT product_id FROM items)) AND f.first_day > $5::date - ${FRESH_DAYS}),
daily AS (
  SELECT f.product_id, f.store_id, string_agg(f.predicted_value::text, ',' ORDER BY f.forecast_date) AS means
    FROM current_forecasts f
   WHERE f.product_id = ANY (ARRAY(SELECT DISTINCT product_id FROM items)) AND f.forecast_date >= $5::date
   GROUP BY 1, 2),
held AS (
  SELECT r.product_id, r.store_id, jsonb_agg(r.from_store_id) AS ways FROM reorder_suggestions r
   WHERE r.holds_off AND r.product_id = ANY (ARRAY(SELECT DISTINCT product_id FROM items)) GROUP BY 1, 2)
SELECT i.product_id AS "productId", i.store_id AS "storeId", i.sku, i.product_name AS "productName", i.unit_type AS "unitType",
       i.store_name AS "storeName", i.store_type AS "storeType", i.supplier_id AS "supplierId", i.supplier_name AS "supplierName",
       i.unit_cost AS "unitCost", i.selling_price AS "sellingPrice", i.pack_size AS "packSize", i.min_order_quantity AS "minOrderQuantity",
       i.lead_time_days AS "leadTimeDays", i.lead_time_source AS "leadTimeSource", i.on_hand AS "onHand", i.reserved, i.alert_point AS "alertPoint",
       i.min_stock_level AS "minStock", i.max_stock_level AS "maxStock", i.on_order AS "onOrder", i.in_drafts AS "inDrafts",
       i.transfers_in AS "transfersIn", i.transfers_out AS "transfersOut", i.arrivals, e.run_id AS "runId", e.sums, e.class AS "demandClass",
       d.means AS daily, h.ways AS "heldOff", ${RULES('p')} AS "productRules", ${RULES('o')} AS "ownRules"
  FROM items i
  LEFT JOIN expected e ON e.product_id = i.product_id AND e.store_id = i.store_id
  LEFT JOIN daily d ON d.product_id = i.product_id AND d.store_id = i.store_id
  LEFT JOIN held h ON h.product_id = i.product_id AND h.store_id = i.store_id
  LEFT JOIN replenishment_policies p ON p.product_id = i.product_id AND p.store_id IS NULL
  LEFT JOIN replenishment_policies o ON o.product_id = i.product_id AND o.store_id = i.store_id
 ORDER BY i.product_id, i.store_id`;

/** Days that the orders of each supplier took, newest first. */
export type ObservedLeadTimes = ReadonlyMap<string, readonly number[]>;

/** What is known of products in stores when it comes to replenishing them. */
@Injectable()
export class SupplyRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** Whole products behind `after`, by id, that make about `pairs` items; those that have a level. In one statement. */
  page(after: string, pairs: number, today: string): Promise<SupplyItem[]> {
    return this.items([after, pairs, null, null, today]);
  }

  /** One product in one store, with a level or without; undefined when one of them is inactive or does not exist. */
  async find(productId: string, storeId: string, today: string): Promise<SupplyItem | undefined> {
    const [item] = await this.items([NIL_UUID, 1, [productId], [storeId], today]);
    return item;
  }

  /** Of the suppliers from which something was received within a year. @param timeZone in which a day is reckoned */
  async leadTimes(today: string, timeZone: string): Promise<ObservedLeadTimes> {
    const rows = await this.unit.query<{ supplierId: string; days: number[] }>(
      `SELECT supplier_id AS "supplierId", days FROM supplier_lead_times($1, $2)`,
      [today, timeZone],
    );
    return new Map(rows.map(({ supplierId, days }) => [supplierId, days]));
  }

  private async items(values: unknown[]): Promise<SupplyItem[]> {
    return (await this.unit.query<SupplyRow>(ITEMS, values, 'supply_items')).map(itemOf);
  }
}

function itemOf({ runId, sums, demandClass, daily, heldOff, arrivals, ...row }: SupplyRow): SupplyItem {
  return {
    ...row,
    unitCost: optional(row.unitCost),
    sellingPrice: optional(row.sellingPrice),
    packSize: Number(row.packSize),
    minOrderQuantity: Number(row.minOrderQuantity),
    onHand: Number(row.onHand),
    reserved: Number(row.reserved),
    alertPoint: Number(row.alertPoint),
    minStock: Number(row.minStock),
    maxStock: optional(row.maxStock),
    onOrder: Number(row.onOrder),
    inDrafts: Number(row.inDrafts),
    transfersIn: Number(row.transfersIn),
    transfersOut: Number(row.transfersOut),
    arrivals: arrivals === null ? [] : arrivals.split(',').map(readArrival),
    demand:
      runId === null || sums === null
        ? null
        : {
            runId,
            sums,
            demandClass: demandClass ?? 'lumpy',
            daily: Float64Array.from(daily === null ? [] : daily.split(','), Number),
          },
    heldOff: heldOff ?? [],
  };
}

const optional = (value: string | null): number | null => (value === null ? null : Number(value));

function readArrival(text: string): Arrival {
  const [day = '', quantity] = text.split(':');
  return { day, quantity: Number(quantity) };
}
