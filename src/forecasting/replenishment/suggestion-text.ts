import type { Locale } from '../../kernel/database/tenant-context.js';
import type { SuggestionData, SuggestionReason } from './replenishment-plan.js';

/** What the words are made of. */
export interface TellableSuggestion {
  reason: SuggestionReason;
  quantity: string;
  reorderPoint: string | null;
  leadTimeDays: number | null;
  stockOutDate: string | null;
  fromStoreName: string | null;
  data: SuggestionData;
}

const numbers = {
  es: new Intl.NumberFormat('es-VE', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 2 }),
};
const percents = {
  es: new Intl.NumberFormat('es-VE', { style: 'percent', maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }),
};
const dates = {
  es: new Intl.DateTimeFormat('es-VE', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }),
};

/** Why it is suggested, in words: how stock stands, what is expected, what is missing, and what changed the quantity. */
export function reasonText(suggestion: TellableSuggestion, locale: Locale): string {
  const words = locale === 'en' ? english(suggestion) : spanish(suggestion);
  return words.filter((sentence) => sentence !== '').join(' ');
}

interface Figures {
  n: (value: string | number | null) => string;
  day: (date: string) => string;
  level: string;
  coming: number;
}

function figures({ data }: TellableSuggestion, locale: Locale): Figures {
  return {
    n: (value) => numbers[locale].format(Number(value ?? 0)),
    day: (date) => dates[locale].format(new Date(`${date}T00:00:00Z`)),
    level: data.serviceLevel === null ? '' : percents[locale].format(data.serviceLevel),
    coming: Number(data.onOrder) + Number(data.inDrafts) + Number(data.transfersIn),
  };
}

function english(suggestion: TellableSuggestion): string[] {
  const { reason, quantity, reorderPoint, leadTimeDays, stockOutDate, fromStoreName, data } = suggestion;
  const { n, day, level, coming } = figures(suggestion, 'en');
  const days = (leadTimeDays ?? 0) + data.reviewDays;
  const stands = `${n(data.available)} available and ${n(coming)} on the way`;
  const expected = `until an order arrives (${n(days)} days with the next review) ${n(data.meanDemand)} are expected to sell`;
  const first: Record<SuggestionReason, string> = {
    out_of_stock: `Out of stock: ${stands}; ${expected}.`,
    stock_out_before_arrival: `Stock ends before an order placed today arrives${stockOutDate === null ? '' : `, on ${day(stockOutDate)}`}: ${stands}; ${expected}.`,
    below_reorder_point: `Stock is down to its reorder point: ${stands}; ${expected}.`,
    below_fixed_point: `Below the reorder point of ${n(reorderPoint)} that was set by hand: ${stands}. There is no forecast yet.`,
    excess_elsewhere: `${fromStoreName ?? 'Another store'} has ${n(data.fromAvailable ?? '0')} and needs ${n(data.fromKeeps ?? '0')} itself. Here: ${stands}; ${expected}.`,
  };
  const aim =
    reason === 'below_fixed_point'
      ? `${n(data.need)} are missing to ${n(data.orderUpTo)}.`
      : `With ${level} certainty ${n(reorderPoint)} are enough for that; ${n(data.need)} are missing to the ${n(data.orderUpTo)} that last ${n(data.coverDays)} days more.`;
  const transfer =
    reason !== 'excess_elsewhere' && Number(data.byTransfer) > 0 ? `${n(data.byTransfer)} can come from other stores.` : '';
  const notes: Record<string, string> = {
    minimum_stock: 'The minimum stock raises the reorder point.',
    maximum_stock: 'The maximum stock limits the order.',
    shelf_life: 'The shelf life limits the order.',
    minimum_order: `The supplier takes no order below ${n(data.minOrderQuantity)}.`,
    minimum_order_above_maximum: 'The minimum order goes beyond the maximum stock.',
    pack_above_maximum: `A pack of ${n(data.packSize)} goes beyond the maximum stock.`,
  };
  const pack =
    Number(data.packSize) > 1 && reason !== 'excess_elsewhere' ? `In packs of ${n(data.packSize)}: ${n(quantity)}.` : '';
  return [first[reason], aim, transfer, ...data.notes.map((note) => notes[note] ?? ''), pack];
}

function spanish(suggestion: TellableSuggestion): string[] {
  const { reason, quantity, reorderPoint, leadTimeDays, stockOutDate, fromStoreName, data } = suggestion;
  const { n, day, level, coming } = figures(suggestion, 'es');
  const days = (leadTimeDays ?? 0) + data.reviewDays;
  const stands = `disponible: ${n(data.available)}, en camino: ${n(coming)}`;
  const expected = `hasta que llegue un pedido (${n(days)} días con la próxima revisión) se espera vender ${n(data.meanDemand)}`;
  const first: Record<SuggestionReason, string> = {
    out_of_stock: `Agotado: ${stands}; ${expected}.`,
    stock_out_before_arrival: `La existencia se acaba antes de que llegue un pedido hecho hoy${stockOutDate === null ? '' : `, el ${day(stockOutDate)}`}: ${stands}; ${expected}.`,
    below_reorder_point: `La existencia llegó a su punto de reorden: ${stands}; ${expected}.`,
    below_fixed_point: `Por debajo del punto de reorden de ${n(reorderPoint)} fijado a mano: ${stands}. Todavía no hay pronóstico.`,
    excess_elsewhere: `${fromStoreName ?? 'Otra tienda'} tiene ${n(data.fromAvailable ?? '0')} y necesita ${n(data.fromKeeps ?? '0')}. Aquí, ${stands}; ${expected}.`,
  };
  const aim =
    reason === 'below_fixed_point'
      ? `Faltan ${n(data.need)} para llegar a ${n(data.orderUpTo)}.`
      : `Con ${level} de seguridad bastan ${n(reorderPoint)} para eso; faltan ${n(data.need)} para los ${n(data.orderUpTo)} que alcanzan ${n(data.coverDays)} días más.`;
  const transfer =
    reason !== 'excess_elsewhere' && Number(data.byTransfer) > 0 ? `${n(data.byTransfer)} pueden venir de otras tiendas.` : '';
  const notes: Record<string, string> = {
    minimum_stock: 'La existencia mínima eleva el punto de reorden.',
    maximum_stock: 'La existencia máxima limita el pedido.',
    shelf_life: 'La vida útil limita el pedido.',
    minimum_order: `El proveedor no acepta pedidos de menos de ${n(data.minOrderQuantity)}.`,
    minimum_order_above_maximum: 'El pedido mínimo supera la existencia máxima.',
    pack_above_maximum: `Un empaque de ${n(data.packSize)} supera la existencia máxima.`,
  };
  const pack =
    Number(data.packSize) > 1 && reason !== 'excess_elsewhere' ? `En empaques de ${n(data.packSize)}: ${n(quantity)}.` : '';
  return [first[reason], aim, transfer, ...data.notes.map((note) => notes[note] ?? ''), pack];
}
