import { addDays, daysBetween } from '../../kernel/time/zone.js';
import { projectStock, stockPath, type Arrival } from '../forecasts/stock-projection.js';

/** Days that are shown ahead where there is no forecast, and over which expected demand is summed up. */
export const SUMMARY_DAYS = 28;
/** A store that has sold nothing at all for so many days at the end has not sent its sales yet; for longer, it has sold nothing. */
const LATE_DAYS = 28;

/** What is known of any day, before or after today. */
export interface ChartDay {
  date: string;
  promotion: boolean;
  closed: boolean;
  /** its name; null: none */
  holiday: string | null;
  /** unit price: what was charged on average, or what is planned; null: not known */
  price: number | null;
  /** level at the end of the day: by the ledger, or projected; null: not known */
  stock: number | null;
}

export interface HistoryDay extends ChartDay {
  /** units sold, returns taken off; null: the store has not sent its sales yet */
  quantity: number | null;
  /** without stock at the end of the day, and nothing was sold */
  stockout: boolean;
}

/** Demand that is expected of a day. */
export interface DayDemand {
  mean: number;
  q10: number;
  q50: number;
  q90: number;
  q95: number;
  q99: number;
}

export interface PlannedDay extends ChartDay {
  /** null: not forecast */
  demand: DayDemand | null;
}

export interface ChartSummary {
  /** days that `expectedDemand` sums up, at most 28; 0: no forecast */
  days: number;
  expectedDemand: number | null;
  /** units sold in the last 28 days of the history */
  recentDemand: number;
  daysOfCover: number | null;
  stockOutDate: string | null;
  /** last day to order so that it arrives before the stock-out, by the lead time; null: no stock-out in sight */
  orderBy: string | null;
  /** quantity of the open order suggestion; null: none */
  suggestedOrder: number | null;
}

export interface ChartModel {
  runId: string;
  /** the heaviest model of the ensemble */
  model: string | null;
  modelVersion: string;
  madeAt: Date;
  /** mean absolute scaled error of the run's backtests; null: nothing was scored */
  runMase: number | null;
}

/** The level now; what is on its way stands beside it. */
export interface ChartStock {
  available: number;
  reorderPoint: number | null;
  leadTimeDays: number;
}

/** Everything that is known of a product in a store: what a picture of it shows, and its JSON. */
export interface ForecastChart {
  productId: string;
  storeId: string;
  sku: string;
  productName: string;
  storeName: string;
  unitType: string;
  /** first day of `plan`, in the tenant's time zone */
  today: string;
  history: HistoryDay[];
  plan: PlannedDay[];
  arrivals: Arrival[];
  /** null: no stock of it was ever kept there */
  stock: ChartStock | null;
  /** index in `plan` of the day on which stock does not meet the demand; null: none */
  stockOutIndex: number | null;
  summary: ChartSummary;
  /** null: there is no forecast in force */
  model: ChartModel | null;
}

/** What the database knows of one pair. Dates YYYY-MM-DD, quantities as numbers. */
export interface ChartRow {
  productId: string;
  storeId: string;
  sku: string;
  productName: string;
  storeName: string;
  unitType: string;
  supplierName: string | null;
  leadTimeDays: number;
  /** null: there is no level */
  onHand: number | null;
  available: number | null;
  reorderPoint: number | null;
  /** last day on which the store sold anything; null: this product was not sold within the history */
  storeLastDay: string | null;
  demand: [day: string, quantity: number, price: number | null, isPromotion: boolean][];
  stockouts: [first: string, last: string][];
  /** at the end of days on which something moved */
  balances: [day: string, balance: number][];
  /** the particular behind the general, so that it wins */
  calendar: [day: string, kind: string, value: number | null, name: string | null][];
  forecast: [day: string, mean: number, q10: number, q50: number, q90: number, q95: number, q99: number][];
  arrivals: [day: string, quantity: number][];
  model: (Omit<ChartModel, 'madeAt'> & { madeAt: string }) | null;
  suggestedOrder: number | null;
}

/** The days of a chart: `historyDays` before today. */
export interface ChartFrame {
  today: string;
  historyDays: number;
}

/** Turns what was read into days, one after the other. */
export function chartOf(row: ChartRow, { today, historyDays }: ChartFrame): ForecastChart {
  const { productId, storeId, sku, productName, storeName, unitType, leadTimeDays, available, reorderPoint, model } = row;
  const arrivals = row.arrivals.map(([day, quantity]) => ({ day, quantity }));
  const from = addDays(today, -historyDays);
  const last = row.forecast.at(-1)?.[0];
  const days = last === undefined ? SUMMARY_DAYS : daysBetween(today, last) + 1;
  const known = calendarDays(row, from, historyDays + days);
  const plan = plannedDays(row, known.slice(historyDays), today);
  const mean = Float64Array.from(plan, ({ demand }) => demand?.mean ?? 0);
  const outlook = { available: available ?? 0, firstDay: today, mean, arrivals };
  const isProjected = model !== null && available !== null;
  const projection = isProjected ? projectStock(outlook) : { daysOfCover: null, stockOutDate: null, stockOutIndex: null };
  if (isProjected) stockPath(outlook).forEach((level, i) => (plan[i]!.stock = level));
  const history = historyDaysOf(row, known.slice(0, historyDays), today);
  return {
    ...{ productId, storeId, sku, productName, storeName, unitType, today, history, plan, arrivals },
    stock: available === null ? null : { available, reorderPoint, leadTimeDays },
    stockOutIndex: projection.stockOutIndex,
    summary: {
      ...expectedOf(plan),
      recentDemand: history.slice(-SUMMARY_DAYS).reduce((sum, { quantity }) => sum + (quantity ?? 0), 0),
      daysOfCover: projection.daysOfCover,
      stockOutDate: projection.stockOutDate,
      orderBy: projection.stockOutDate && addDays(projection.stockOutDate, -leadTimeDays),
      suggestedOrder: row.suggestedOrder,
    },
    model: model && { ...model, madeAt: new Date(model.madeAt) },
  };
}

function expectedOf(plan: readonly PlannedDay[]): { days: number; expectedDemand: number | null } {
  const means = plan.slice(0, SUMMARY_DAYS).flatMap(({ demand }) => (demand === null ? [] : [demand.mean]));
  return { days: means.length, expectedDemand: means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) };
}

/** Days with what the calendar says of them. */
function calendarDays({ calendar }: ChartRow, from: string, count: number): ChartDay[] {
  const days = Array.from({ length: count }, (_, i) => emptyDay(addDays(from, i)));
  for (const [date, kind, value, name] of calendar) {
    const day = days[daysBetween(from, date)];
    if (day === undefined) continue;
    if (kind === 'promotion') day.promotion = value !== 0;
    else if (kind === 'closed') day.closed = true;
    else if (kind === 'holiday') day.holiday = name ?? '';
    else if (kind === 'price') day.price = value;
  }
  return days;
}

function emptyDay(date: string): ChartDay {
  return { date, promotion: false, closed: false, holiday: null, price: null, stock: null };
}

function plannedDays({ forecast }: ChartRow, days: readonly ChartDay[], today: string): PlannedDay[] {
  const plan: PlannedDay[] = days.map((day) => ({ ...day, demand: null }));
  for (const [date, mean, q10, q50, q90, q95, q99] of forecast) {
    const day = plan[daysBetween(today, date)];
    if (day) day.demand = { mean, q10, q50, q90, q95, q99 };
  }
  return plan;
}

function historyDaysOf(row: ChartRow, days: readonly ChartDay[], today: string): HistoryDay[] {
  const history: HistoryDay[] = days.map((day) => ({ ...day, quantity: 0, stockout: false }));
  const first = history[0]?.date ?? today;
  const at = (date: string): HistoryDay | undefined => history[daysBetween(first, date)];
  for (const [date, quantity, price, isPromotion] of row.demand) {
    const day = at(date);
    if (day === undefined) continue;
    day.quantity = quantity;
    day.price = price;
    day.promotion ||= isPromotion;
  }
  for (const [from, to] of row.stockouts) {
    for (let date = from < first ? first : from; date <= to; date = addDays(date, 1)) {
      const day = at(date);
      if (day && !(day.quantity! > 0)) day.stockout = true;
    }
  }
  const late = row.storeLastDay === null ? 0 : daysBetween(row.storeLastDay, today) - 1;
  if (late <= LATE_DAYS) for (const day of history.slice(history.length - late)) day.quantity = null;
  addBalances(row, history);
  return history;
}

/** The level at the end of each day. Before its first movement of the history it is not known; without any it has not moved. */
function addBalances({ balances, onHand }: ChartRow, history: readonly HistoryDay[]): void {
  const moved = new Map(balances);
  let level = balances.length === 0 ? onHand : null;
  for (const day of history) {
    level = moved.get(day.date) ?? level;
    day.stock = level;
  }
}
