import type { ChartRow } from '../../src/forecasting/charts/forecast-chart.js';
import { addDays } from '../../src/kernel/time/zone.js';

export const TODAY = '2026-11-22';

/** What the database knows of a product: 10 a day for 60 days, 28 days of forecast, and changes. */
export function chartRow(changes: Partial<ChartRow> = {}): ChartRow {
  return {
    productId: '01980000-0000-7000-8000-00000000000a',
    storeId: '01980000-0000-7000-8000-00000000000b',
    sku: 'HARINA',
    productName: 'Harina 1kg',
    storeName: 'Centro',
    unitType: 'unit',
    supplierName: null,
    leadTimeDays: 5,
    onHand: 42,
    available: 42,
    reorderPoint: 60,
    storeLastDay: addDays(TODAY, -1),
    demand: Array.from({ length: 60 }, (_, i) => [addDays(TODAY, i - 60), 10 + (i % 7), 2.5, false]),
    stockouts: [],
    balances: [],
    calendar: [],
    forecast: Array.from({ length: 28 }, (_, h) => {
      const mean = 10 + (h % 7);
      return [addDays(TODAY, h), mean, mean - 5, mean, mean + 6, mean + 9, mean + 14];
    }),
    arrivals: [],
    model: {
      runId: '01980000-0000-7000-8000-00000000000c',
      model: 'theta',
      modelVersion: 'ensemble-1',
      madeAt: `${TODAY}T06:30:00Z`,
      runMase: 0.8,
    },
    suggestedOrder: null,
    ...changes,
  };
}
