import type { Locale } from '../../kernel/database/tenant-context.js';
import type { AlertFacts } from './alert-facts.js';
import type { StockOutFinding } from './forecast-alert.js';
import type { LowStockFinding } from './low-stock.js';

/** Title, at most 300 characters, and description. */
export interface AlertText {
  title: string;
  description: string;
}

export const numbers = {
  es: new Intl.NumberFormat('es-VE', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 2 }),
};

/** Title (at most 300 characters) and description of a low-stock alert, in the tenant's language. */
export function lowStockText(
  level: {
    productName: string;
    storeName: string;
    available: number;
    reorderPoint: number;
    leadTimeDays: number;
    onOrder: number;
  },
  { daysOfCover, suggestedOrder }: LowStockFinding,
  locale: Locale,
): AlertText {
  const n = (value: number) => numbers[locale].format(value);
  const [product, store] = namesOf(level);
  const below = level.available < level.reorderPoint;
  if (locale === 'en') {
    const cover = daysOfCover === null ? '' : `It lasts about ${n(daysOfCover)} days; an order takes ${n(level.leadTimeDays)}. `;
    const order = suggestedOrder > 0 ? `Suggested order: ${n(suggestedOrder)}` : 'What is on order covers it';
    return {
      title: `${product}: ${n(level.available)} left in ${store}`,
      description: `${below ? 'Below' : 'Just back at'} the reorder point of ${n(level.reorderPoint)}. ${cover}${order} (on order: ${n(level.onOrder)}).`,
    };
  }
  const cover =
    daysOfCover === null ? '' : `Alcanza para unos ${n(daysOfCover)} días; un pedido tarda ${n(level.leadTimeDays)}. `;
  const order = suggestedOrder > 0 ? `Pedido sugerido: ${n(suggestedOrder)}` : 'Lo pedido lo cubre';
  return {
    title: `${product}: quedan ${n(level.available)} en ${store}`,
    description: `${below ? 'Por debajo del' : 'Apenas de vuelta en el'} punto de reorden de ${n(level.reorderPoint)}. ${cover}${order} (en camino: ${n(level.onOrder)}).`,
  };
}

const dates = {
  es: new Intl.DateTimeFormat('es-VE', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }),
};

/** A local date in words. */
export const dateText = (date: string, locale: Locale): string => dates[locale].format(new Date(`${date}T00:00:00Z`));

/** Names of product and store, short enough for a title. */
export function namesOf({
  productName,
  storeName,
}: {
  productName: string;
  storeName: string;
}): [product: string, store: string] {
  return [productName.slice(0, 140), storeName.slice(0, 80)];
}

/** Title and description of an alert for stock that ends before an order could arrive, in the tenant's language. */
export function stockOutText(
  level: Pick<AlertFacts, 'productName' | 'storeName' | 'available' | 'leadTimeDays' | 'onOrder'>,
  { stockOutDate, arrivalDate, expectedDemand, probability, nextArrival }: StockOutFinding,
  locale: Locale,
): AlertText {
  const n = (value: number) => numbers[locale].format(value);
  const day = (date: string) => dateText(date, locale);
  const [product, store] = namesOf(level);
  const gone = level.available <= 0;
  const percent = Math.round(probability * 100);
  // the stored quantiles say no more
  const certain = probability >= 0.9;
  if (locale === 'en') {
    const next = nextArrival === null ? '' : ` The next ${n(nextArrival.quantity)} are expected on ${day(nextArrival.day)}.`;
    return {
      title: gone ? `${product}: out of stock in ${store}` : `${product}: runs out in ${store} on ${day(stockOutDate)}`,
      description:
        `${n(level.available)} left and ${n(level.onOrder)} on order; ${n(expectedDemand)} are expected to sell within ` +
        `${n(level.leadTimeDays)} days. An order placed today arrives on ${day(arrivalDate)}.${next} Probability of a stock-out until then: ${certain ? 'at least ' : ''}${percent} %.`,
    };
  }
  const next = nextArrival === null ? '' : ` Los próximos ${n(nextArrival.quantity)} se esperan el ${day(nextArrival.day)}.`;
  return {
    title: gone ? `${product}: agotado en ${store}` : `${product}: se agota en ${store} el ${day(stockOutDate)}`,
    description:
      `Quedan ${n(level.available)} y vienen ${n(level.onOrder)}; se espera vender ${n(expectedDemand)} en ` +
      `${n(level.leadTimeDays)} días. Un pedido hecho hoy llega el ${day(arrivalDate)}.${next} Probabilidad de agotarse antes: ${certain ? 'al menos ' : ''}${percent} %.`,
  };
}
