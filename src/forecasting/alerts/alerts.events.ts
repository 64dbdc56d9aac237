/** Alerts that were raised together. Handlers get it at least once, after the commit. */
export interface AlertsRaised {
  alerts: { id: string; type: string; priority: string; productId: string; storeId: string }[];
}

declare module '../../kernel/events/event-map.js' {
  interface EventMap {
    'alert.raised': AlertsRaised;
    /** alerts were acknowledged, ended or assessed again; for live streams */
    'alert.changed': { alerts: { id: string; status: string }[] };
  }
}

/** Product and store pairs, at most 500 of one statement; the database notes them through the gate. */
export interface StockPairs {
  products: string[];
  stores: string[];
}

declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** stock fell strictly below the reorder point: raises the alerts */
    'stock.crossed': { data: StockPairs; result: { raised: number } };
    /** stock came back: resolves the alerts */
    'stock.recovered': { data: StockPairs; result: { resolved: number } };
    /** an import has ended or the calendar has changed: assesses the open alerts again */
    'alerts.refresh': { data: Record<string, never>; result: { changed: number } };
    /** a rule has changed: assesses everything by the rules in force */
    'alerts.review': { data: Record<string, never>; result: { raised: number; resolved: number; changed: number } };
    /** the net under the two: every tenant's levels against its alerts */
    'alerts.sweep': { data: Record<string, never>; result: { raised: number; resolved: number; changed: number } };
  }
}
