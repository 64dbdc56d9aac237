import type { Locale } from '../../kernel/database/tenant-context.js';

const es = {
  title: 'Qué se agota primero',
  allStores: 'Todas las tiendas',
  product: 'Producto',
  store: 'Tienda',
  supplier: 'Proveedor',
  available: 'Existencias',
  onOrder: 'En camino',
  expected: 'Demanda, 28 días',
  cover: 'Días que alcanza',
  stockOut: 'Se agota',
  action: 'Qué hacer',
  empty: 'Nada que mostrar: todavía no hay pronóstico para productos con existencias.',
  charts: 'Ventas, pronóstico y existencias',
  key:
    'Línea continua: ventas por día. Línea cortada: demanda esperada, con el rango de 8 de cada 10 días y hasta el 95 % y el 99 %. ' +
    'Barra: promoción; rombo: feriado; rayado: cerrado; rayado rojo: agotado. ' +
    'Abajo: existencias y su proyección; triángulo: llega un pedido; cruz: se agota; raya y punto: punto de reorden.',
  notes:
    'La fecha de agotamiento cuenta las existencias disponibles y lo que está en camino, a la demanda esperada. ' +
    'Los días que alcanza cuentan solo lo disponible. Un pedido tarda el plazo de entrega del producto.',
  nothing: 'Nada por ahora',
  covered: 'Lo cubre lo que está en camino',
  orderNow: 'Pedir hoy',
  orderSomeNow: (amount: string) => `Pedir hoy ${amount}`,
  orderBy: (date: string) => `Pedir a más tardar el ${date}`,
  orderSomeBy: (amount: string, date: string) => `Pedir ${amount} a más tardar el ${date}`,
  hurry: (date: string) => `Apurar lo que llega el ${date}`,
  orderSome: (amount: string) => `Pedir ${amount}`,
  urgent: (count: number) =>
    count === 0
      ? 'Nada se agota antes de que llegue un pedido hecho hoy.'
      : count === 1
        ? 'En 1 caso se agota antes de que llegue un pedido hecho hoy.'
        : `En ${count} casos se agota antes de que llegue un pedido hecho hoy.`,
  shown: (count: number, total: number) => `Se muestran ${count} de ${total}.`,
};

export type ReportTexts = typeof es;

const en: ReportTexts = {
  title: 'What runs out first',
  allStores: 'All stores',
  product: 'Product',
  store: 'Store',
  supplier: 'Supplier',
  available: 'In stock',
  onOrder: 'On order',
  expected: 'Demand, 28 days',
  cover: 'Days it lasts',
  stockOut: 'Runs out',
  action: 'What to do',
  empty: 'Nothing to show: there is no forecast yet for products in stock.',
  charts: 'Sales, forecast and stock',
  key:
    'Solid line: sales a day. Dashed line: expected demand, with the range of 8 days in 10 and up to 95% and 99%. ' +
    'Bar: promotion; diamond: holiday; hatched: closed; hatched red: out of stock. ' +
    'Below: stock and its projection; triangle: an order arrives; cross: it runs out; dash and dot: reorder point.',
  notes:
    'The day it runs out counts the stock available and what is on order, at the expected demand. ' +
    'The days it lasts count only what is available. An order takes the lead time of the product.',
  nothing: 'Nothing for now',
  covered: 'What is on order covers it',
  orderNow: 'Order today',
  orderSomeNow: (amount) => `Order ${amount} today`,
  orderBy: (date) => `Order by ${date}`,
  orderSomeBy: (amount, date) => `Order ${amount} by ${date}`,
  hurry: (date) => `Hurry what arrives on ${date}`,
  orderSome: (amount) => `Order ${amount}`,
  urgent: (count) =>
    count === 0
      ? 'Nothing runs out before an order placed today arrives.'
      : count === 1
        ? 'In 1 case stock runs out before an order placed today arrives.'
        : `In ${count} cases stock runs out before an order placed today arrives.`,
  shown: (count, total) => `${count} of ${total} are shown.`,
};

const byLocale: Readonly<Record<Locale, ReportTexts>> = { es, en };

export function reportTexts(locale: Locale): ReportTexts {
  return byLocale[locale];
}
