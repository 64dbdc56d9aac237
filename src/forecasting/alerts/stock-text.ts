import type { Locale } from '../../kernel/database/tenant-context.js';
import type { AlertFacts, KnownEvent } from './alert-facts.js';
import { dateText, namesOf, numbers, type AlertText } from './alert-text.js';
import type { DemandSpikeFinding } from './demand-spike.js';
import type { OverstockFinding } from './overstock.js';
import type { SlowMovingFinding } from './slow-moving.js';

type Level = Pick<AlertFacts, 'productName' | 'storeName' | 'available' | 'onHand' | 'onOrder'>;

/** Title and description of an alert for too much stock. Amounts are in the company's currency, which they name. */
export function overstockText(level: Level, finding: OverstockFinding, currency: string, locale: Locale): AlertText {
  const n = (value: number) => numbers[locale].format(value);
  const [product, store] = namesOf(level);
  const { excess, excessCost, excessDays, daysOfCover, limit, reason } = finding;
  if (locale === 'en') {
    const cost = excessCost === null ? '' : `, ${n(excessCost)} ${currency} at cost`;
    const days = excessDays === null ? '' : `, ${n(excessDays)} days of sales`;
    const cover = daysOfCover === null ? '' : ` Together they last ${n(daysOfCover)} days.`;
    const against = reason === 'above_maximum' ? `the maximum is ${n(limit)}` : `${n(limit)} would be enough`;
    return {
      title: `${product}: ${n(excess)} too many in ${store}`,
      description: `${n(level.available)} on hand and ${n(level.onOrder)} on order; ${against}.${cover} Excess: ${n(excess)}${days}${cost}.`,
    };
  }
  const cost = excessCost === null ? '' : `, ${n(excessCost)} ${currency} al costo`;
  const days = excessDays === null ? '' : `, ${n(excessDays)} días de venta`;
  const cover = daysOfCover === null ? '' : ` Juntos alcanzan para ${n(daysOfCover)} días.`;
  const against = reason === 'above_maximum' ? `el máximo es ${n(limit)}` : `bastarían ${n(limit)}`;
  return {
    title: `${product}: sobran ${n(excess)} en ${store}`,
    description: `Hay ${n(level.available)} y vienen ${n(level.onOrder)}; ${against}.${cover} Exceso: ${n(excess)}${days}${cost}.`,
  };
}

/** Title and description of an alert for stock that does not sell. */
export function slowMovingText(level: Level, finding: SlowMovingFinding, currency: string, locale: Locale): AlertText {
  const n = (value: number) => numbers[locale].format(value);
  const [product, store] = namesOf(level);
  const { idleDays, lastSoldOn, heldSince, daysOfCover, value, reason } = finding;
  const idle = reason === 'no_sales';
  if (locale === 'en') {
    const last = lastSoldOn === null ? 'No sale is known' : `The last sale was on ${dateText(lastSoldOn, locale)}`;
    const pace = daysOfCover === null ? '' : ` At the present pace it lasts ${n(daysOfCover)} days.`;
    const tied = value === null ? '' : ` ${n(value)} ${currency} are tied up in it.`;
    return {
      title: idle
        ? `${product}: ${n(idleDays)} days without a sale in ${store}`
        : `${product}: hardly sells in ${store}, lasts ${n(daysOfCover ?? 0)} days`,
      description: `${n(level.onHand)} on hand since ${dateText(heldSince, locale)} or longer. ${last}.${pace}${tied}`,
    };
  }
  const last = lastSoldOn === null ? 'No se conoce ninguna venta' : `La última venta fue el ${dateText(lastSoldOn, locale)}`;
  const pace = daysOfCover === null ? '' : ` Al ritmo actual alcanza para ${n(daysOfCover)} días.`;
  const tied = value === null ? '' : ` Inmoviliza ${n(value)} ${currency}.`;
  return {
    title: idle
      ? `${product}: ${n(idleDays)} días sin venderse en ${store}`
      : `${product}: casi no se vende en ${store}, alcanza para ${n(daysOfCover ?? 0)} días`,
    description: `Hay ${n(level.onHand)} desde el ${dateText(heldSince, locale)} o antes. ${last}.${pace}${tied}`,
  };
}

const EVENTS = {
  es: { promotion: 'promoción', holiday: 'feriado' },
  en: { promotion: 'promotion', holiday: 'holiday' },
};

function eventsText(events: readonly KnownEvent[], locale: Locale): string {
  return events
    .map(
      ({ day, kind, name }) =>
        `${EVENTS[locale][kind]}${name === null ? '' : ` ${name.slice(0, 60)}`} (${dateText(day, locale)})`,
    )
    .join(', ');
}

/** Title and description of an alert for sales far above the forecast. */
export function demandSpikeText(level: Level, finding: DemandSpikeFinding, locale: Locale): AlertText {
  const n = (value: number) => numbers[locale].format(value);
  const [product, store] = namesOf(level);
  const { sold, expected, ratio, days, from, to, quantile, quantilePercent, daysAtThisPace, explained } = finding;
  if (locale === 'en') {
    const apart =
      explained.length === 0 ? 'Nothing in the calendar explains it.' : `Days left out: ${eventsText(explained, locale)}.`;
    return {
      title: `${product}: ${n(sold)} sold in ${store}${ratio === null ? '' : `, ${n(ratio)} times the forecast`}`,
      description:
        `${n(sold)} sold on ${n(days)} days between ${dateText(from, locale)} and ${dateText(to, locale)}; ${n(expected)} were expected, ` +
        `and with ${quantilePercent} % no more than ${n(quantile)}. ${apart} At this pace the ${n(level.available)} left last ${n(daysAtThisPace)} days.`,
    };
  }
  const apart = explained.length === 0 ? 'Nada en el calendario lo explica.' : `Sin contar: ${eventsText(explained, locale)}.`;
  return {
    title: `${product}: ${n(sold)} vendidos en ${store}${ratio === null ? '' : `, ${n(ratio)} veces lo previsto`}`,
    description:
      `Se vendieron ${n(sold)} en ${n(days)} días entre el ${dateText(from, locale)} y el ${dateText(to, locale)}; se esperaban ${n(expected)}, ` +
      `y con ${quantilePercent} % a lo sumo ${n(quantile)}. ${apart} A este ritmo los ${n(level.available)} que quedan alcanzan para ${n(daysAtThisPace)} días.`,
  };
}
