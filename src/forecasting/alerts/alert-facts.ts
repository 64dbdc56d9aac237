import type { Arrival } from '../forecasts/stock-projection.js';
import type { ForecastDay } from './demand-sum.js';

/** A closed local day: what was sold and what had been expected before it began. */
export interface PastDay extends ForecastDay {
  day: string;
  sold: number;
}

/** Something in the calendar that explains more sales than usual. */
export interface KnownEvent {
  day: string;
  kind: 'promotion' | 'holiday';
  name: string | null;
}

/** Everything that is known of a product in a store when its alerts are assessed; units of the product, days, the company's currency. */
export interface AlertFacts {
  productId: string;
  storeId: string;
  categoryId: string | null;
  sku: string;
  productName: string;
  storeName: string;
  /** today in the company's time zone */
  today: string;
  onHand: number;
  available: number;
  maxStock: number | null;
  leadTimeDays: number;
  /** null: not known */
  unitCost: number | null;
  onOrder: number;
  arrivals: Arrival[];
  /** first day of `forecast`, today or later; null: no forecast in force */
  firstDay: string | null;
  forecast: ForecastDay[];
  /** mean units a day: of the forecast's next four weeks, else sold in the last four; null: neither */
  dailyDemand: number | null;
  /** units sold in the last days, by the number of days asked for */
  sold: ReadonlyMap<number, number>;
  /** closed days with the forecast from before the first of them, by the number of days asked for; none where there was no forecast */
  past: ReadonlyMap<number, readonly PastDay[]>;
  /** of the days of `past` and of today */
  events: readonly KnownEvent[];
  /** filled in where nothing or next to nothing is sold */
  idle: IdleStock | null;
}

/** Since when stock lies. */
export interface IdleStock {
  /** last sale in 800 days; null: none */
  lastSoldOn: string | null;
  /** first day since which there was stock without interruption */
  heldSince: string;
}

/** Numbers of days that facts are asked for. */
export interface FactWindows {
  sold: readonly number[];
  past: readonly number[];
}
