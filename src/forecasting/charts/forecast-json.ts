import type { ProductForecastDto } from './charts.dto.js';
import type { ChartDay, DayDemand, ForecastChart } from './forecast-chart.js';

const SCALE = 4;
const QUANTILES = ['mean', 'q10', 'q50', 'q90', 'q95', 'q99'] as const;

const decimal = (value: number): string => value.toFixed(SCALE);
const decimalOrNull = (value: number | null): string | null => (value === null ? null : decimal(value));

/** The data of a chart as the API answers it: quantities as decimal strings. */
export function forecastJson(chart: ForecastChart): ProductForecastDto {
  const { productId, storeId, sku, productName, storeName, unitType, today, stock, summary, model } = chart;
  return {
    ...{ productId, storeId, sku, productName, storeName, unitType, today },
    history: chart.history.map(({ quantity, stockout, ...day }) => ({
      ...dayJson(day),
      quantity: decimalOrNull(quantity),
      stockout,
    })),
    forecast: chart.plan.map(({ demand, ...day }) => ({ ...dayJson(day), ...demandJson(demand) })),
    arrivals: chart.arrivals.map(({ day, quantity }) => ({ date: day, quantity: decimal(quantity) })),
    stock: stock && {
      available: decimal(stock.available),
      reorderPoint: decimalOrNull(stock.reorderPoint),
      leadTimeDays: stock.leadTimeDays,
    },
    summary: {
      ...summary,
      expectedDemand: decimalOrNull(summary.expectedDemand),
      recentDemand: decimal(summary.recentDemand),
      suggestedOrder: decimalOrNull(summary.suggestedOrder),
    },
    model,
  };
}

function dayJson({ date, promotion, closed, holiday, price, stock }: ChartDay) {
  return { date, promotion, closed, holiday, price: decimalOrNull(price), stock: decimalOrNull(stock) };
}

function demandJson(demand: DayDemand | null): Record<keyof DayDemand, string | null> {
  const entries = QUANTILES.map((name) => [name, demand && decimal(demand[name])] as const);
  return Object.fromEntries(entries) as Record<keyof DayDemand, string | null>;
}
