import { Big } from 'big.js';

export const ORDER_STATUSES = ['draft', 'sent', 'confirmed', 'partial', 'received', 'cancelled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What can be done to an order besides changing it, and from which states. */
const ALLOWED = {
  edit: ['draft'],
  reschedule: ['draft', 'sent', 'confirmed', 'partial'],
  send: ['draft'],
  confirm: ['draft', 'sent'],
  // goods may come before anybody has noted that the order was sent
  receive: ['draft', 'sent', 'confirmed', 'partial'],
  // of a partly received order: the rest will not come
  cancel: ['draft', 'sent', 'confirmed', 'partial'],
} as const satisfies Record<string, readonly OrderStatus[]>;
export type OrderAction = keyof typeof ALLOWED;

export function isAllowed(action: OrderAction, status: OrderStatus): boolean {
  return (ALLOWED[action] as readonly OrderStatus[]).includes(status);
}

const HALF_UP = 1;
const DIGITS = 4;

/** Sums of an order; taxRate is in percent. Each line and its tax are rounded half-up to four digits, as the database rounds a line. */
export function orderTotals(lines: readonly { quantity: string; unitCost: string; taxRate: string }[]): {
  subtotal: string;
  taxAmount: string;
  totalAmount: string;
} {
  let subtotal = new Big(0);
  let tax = new Big(0);
  for (const { quantity, unitCost, taxRate } of lines) {
    const line = new Big(quantity).times(unitCost).round(DIGITS, HALF_UP);
    subtotal = subtotal.plus(line);
    tax = tax.plus(line.times(taxRate).div(100).round(DIGITS, HALF_UP));
  }
  return { subtotal: subtotal.toFixed(DIGITS), taxAmount: tax.toFixed(DIGITS), totalAmount: subtotal.plus(tax).toFixed(DIGITS) };
}

/** What a line of an order has been and may still be received; decimal strings. */
export interface ReceivableLine {
  ordered: string;
  received: string;
  /** how much more than ordered may come */
  overReceiptPercent: string;
}

/** Most that may still come of a line, with its tolerance. Never below zero. */
export function receivable({ ordered, received, overReceiptPercent }: ReceivableLine): string {
  const most = new Big(ordered).times(new Big(overReceiptPercent).div(100).plus(1)).minus(received);
  // rounded down: the database compares the exact product
  return (most.lt(0) ? new Big(0) : most).round(DIGITS, 0).toFixed(DIGITS);
}

/** The state of an order of which something has come: it follows from the quantities alone. */
export function statusByQuantities(lines: readonly { ordered: string; received: string }[]): 'partial' | 'received' {
  return lines.every(({ ordered, received }) => new Big(received).gte(ordered)) ? 'received' : 'partial';
}
