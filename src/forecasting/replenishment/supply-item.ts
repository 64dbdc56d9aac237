import type { DemandSums } from '../engine/demand-sums.js';
import type { Arrival } from '../forecasts/stock-projection.js';
import type { DemandClass } from '../models/demand-class.js';
import type { PolicyRules } from './parameters.js';

/** What is expected to sell of a product in a store. */
export interface ExpectedDemand {
  runId: string;
  sums: DemandSums;
  demandClass: DemandClass;
  /** mean demand per day from today on; empty when the forecast's days are over */
  daily: Float64Array;
}

/** A product in a store with everything that a decision about replenishing it needs; units of the product, days. */
export interface SupplyItem {
  productId: string;
  storeId: string;
  sku: string;
  productName: string;
  unitType: string;
  storeName: string;
  storeType: string;
  supplierId: string | null;
  supplierName: string | null;
  unitCost: number | null;
  sellingPrice: number | null;
  packSize: number;
  minOrderQuantity: number;
  leadTimeDays: number;
  leadTimeSource: 'store' | 'product' | 'supplier' | 'default';
  onHand: number;
  reserved: number;
  /** the reorder point that alerts go by */
  alertPoint: number;
  minStock: number;
  maxStock: number | null;
  /** ordered and sent */
  onOrder: number;
  /** in drafts of orders */
  inDrafts: number;
  /** in transfers that have not ended */
  transfersIn: number;
  transfersOut: number;
  /** what was ordered, by the day it is expected */
  arrivals: Arrival[];
  /** null: nothing is known of the demand */
  demand: ExpectedDemand | null;
  /** stores from which people do not want a transfer, as long as the need goes on; null: nor a purchase */
  heldOff: (string | null)[];
  productRules: PolicyRules | null;
  ownRules: PolicyRules | null;
}

/** Goods that are counted in pieces. */
export const isInPieces = ({ unitType }: Pick<SupplyItem, 'unitType'>): boolean => ['unit', 'box', 'case'].includes(unitType);

/** A place that holds stock for others and sells nothing itself. */
export const isWarehouse = ({ storeType }: Pick<SupplyItem, 'storeType'>): boolean => storeType !== 'store';
