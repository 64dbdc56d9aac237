import { Big } from 'big.js';

/** What the till asks for on one line; `unitPrice` null = the product's. */
export interface PricedItem {
  quantity: string;
  unitPrice: string;
  /** amount off the line */
  discount: string;
  /** percent */
  taxRate: string;
}

export interface PricedLine {
  lineTotal: string;
  netTotal: string;
  taxAmount: string;
}

export interface SaleTotals {
  lines: PricedLine[];
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
}

const HALF_UP = 1;
const SCALE = 4;
/** exact, and cheaper than a division by 100 */
const PERCENT = new Big('0.01');

/**
 * Lines and totals of a sale. Prices are without tax. A line is round(quantity x price, 4) less its discount; tax is computed for each
 * rate on the sum of its lines, and every total is rounded half-up to the currency's digits, so that total = subtotal - discount + tax.
 */
export function priceSale(items: PricedItem[], digits: number): SaleTotals {
  const bases = new Map<string, Big>();
  let gross = new Big(0);
  let discount = new Big(0);
  const lines = items.map((item) => {
    const lineTotal = new Big(item.quantity).times(item.unitPrice).round(SCALE, HALF_UP);
    const net = lineTotal.minus(item.discount);
    const rate = new Big(item.taxRate).toString();
    bases.set(rate, (bases.get(rate) ?? new Big(0)).plus(net));
    gross = gross.plus(lineTotal);
    discount = discount.plus(item.discount);
    return {
      lineTotal: lineTotal.toFixed(SCALE),
      netTotal: net.toFixed(SCALE),
      taxAmount: net.times(rate).times(PERCENT).round(SCALE, HALF_UP).toFixed(SCALE),
    };
  });
  const rounded = (amount: Big) => amount.round(digits, HALF_UP);
  const tax = [...bases].reduce((sum, [rate, base]) => sum.plus(rounded(base.times(rate).times(PERCENT))), new Big(0));
  const subtotal = rounded(gross);
  const total = subtotal.minus(rounded(discount)).plus(tax);
  return {
    lines,
    subtotal: subtotal.toFixed(SCALE),
    discount: rounded(discount).toFixed(SCALE),
    tax: tax.toFixed(SCALE),
    total: total.toFixed(SCALE),
  };
}

export const PAYMENT_METHODS = ['cash', 'card', 'transfer', 'check', 'credit'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export interface TenderedPayment {
  method: PaymentMethod;
  amount: string;
  /** payment currency for one unit of the sale's */
  rate: string;
}

export interface SettledPayment {
  /** kept of what was handed over, in the payment's currency */
  amount: string;
  /** the same in the sale's currency */
  amountInSaleCurrency: string;
}

export interface Settlement {
  payments: SettledPayment[];
  /** cash to hand back, in the sale's currency */
  change: string;
  status: 'paid' | 'partial' | 'pending';
  /** the method of the largest payment */
  method: PaymentMethod | null;
}

export interface PaymentMismatch {
  /** too little, or more than can be handed back in cash */
  mismatch: 'short' | 'over';
  paid: string;
  /** what is missing or too much, in the sale's currency */
  by: string;
}

/**
 * Payments against a total: together they must cover it exactly; only cash may be more, the rest is change. `credit` is what the client
 * owes: it covers the total without being paid.
 */
export function settle(total: string, payments: TenderedPayment[], digits: number): Settlement | PaymentMismatch {
  const inSale = payments.map((payment) => new Big(payment.amount).div(payment.rate).round(digits, HALF_UP));
  const covered = inSale.reduce((sum, amount) => sum.plus(amount), new Big(0));
  let over = covered.minus(total);
  const mismatch = (kind: 'short' | 'over'): PaymentMismatch => ({
    mismatch: kind,
    paid: covered.toFixed(SCALE),
    by: over.abs().toFixed(SCALE),
  });
  if (over.lt(0)) return mismatch('short');
  const change = over;
  const kept = payments.map((payment, i) => {
    const whole = inSale[i]!;
    const back = payment.method === 'cash' ? (whole.lt(over) ? whole : over) : new Big(0);
    over = over.minus(back);
    const rest = whole.minus(back);
    const amount = back.eq(0) ? new Big(payment.amount) : rest.times(payment.rate).round(SCALE, HALF_UP);
    return { amount, rest };
  });
  if (over.gt(0)) return mismatch('over');
  const owed = kept.reduce((sum, { rest }, i) => (payments[i]!.method === 'credit' ? sum.plus(rest) : sum), new Big(0));
  const largest = kept.reduce((best, { rest }, i) => (best < 0 || rest.gt(kept[best]!.rest) ? i : best), -1);
  return {
    payments: kept.map(({ amount, rest }) => ({ amount: amount.toFixed(SCALE), amountInSaleCurrency: rest.toFixed(SCALE) })),
    change: change.toFixed(SCALE),
    status: owed.eq(0) ? 'paid' : owed.gte(total) ? 'pending' : 'partial',
    method: largest < 0 ? null : payments[largest]!.method,
  };
}

const digitsOf = new Map<string, number>();

/** Digits after the point of a currency (ISO 4217, as the runtime's CLDR data has them): 2 for USD and VES. */
export function currencyDigits(currency: string): number {
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}
