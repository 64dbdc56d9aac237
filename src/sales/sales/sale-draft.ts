import { Injectable } from '@nestjs/common';
import { Big } from 'big.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { uuidV7 } from '../../kernel/database/uuid-v7.js';
import { invalid, ProblemError } from '../../kernel/errors/problem-error.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { addDays, localDateOf } from '../../kernel/time/zone.js';
import { InventoryFacade, type SaleProduct } from '../../inventory/index.js';
import { ExchangeRatesRepository } from '../exchange-rates/exchange-rates.repository.js';
import { currencyDigits, priceSale, settle, type Settlement } from './sale-pricing.js';
import type { CreateSaleDto, SaleItemInputDto } from './sales.dto.js';
import type { NewSale } from './sales.repository.js';

/** Oldest sale that may still be entered, days. */
const OLDEST = 400;
/** A till's clock may be a little ahead of ours. */
const CLOCK_SKEW_MS = 2 * 60_000;
const MISMATCHES = { short: 'field.payment_short', over: 'field.payment_over' } as const;

export interface PricedSale {
  sale: NewSale;
  products: SaleProduct[];
  change: string;
}

/** Turns what the till sends into a priced sale, or says everything that is wrong with it. */
@Injectable()
export class SaleDraft {
  constructor(
    private readonly inventory: InventoryFacade,
    private readonly rates: ExchangeRatesRepository,
  ) {}

  async price(request: CreateSaleDto): Promise<PricedSale> {
    const { settings } = tenantScope().tenant;
    const { currency } = settings;
    const at = soldAt(request.occurredAt);
    const businessDate = localDateOf(at, settings.timezone);
    const products = await this.findProducts(request, businessDate);
    const digits = currencyDigits(currency);
    const items = request.items.map((item, i) => ({
      quantity: new Big(item.quantity).times(products[i]!.units).toFixed(4),
      unitPrice: new Big(item.unitPrice ?? products[i]!.price).toFixed(4),
      discount: new Big(item.discount ?? 0).toFixed(4),
      taxRate: products[i]!.taxRate,
    }));
    const totals = priceSale(items, digits);
    assertDiscounts(totals.lines.map((line) => line.netTotal));
    const { settlement, payments } = await this.settle(request, currency, digits, totals.total, at);
    // property by property: a spread in the middle costs five times the object
    const lines = items.map(({ quantity, unitPrice, discount, taxRate }, i) => {
      const { productId, cost } = products[i]!;
      const { lineTotal, netTotal, taxAmount } = totals.lines[i]!;
      const promotion = request.items[i]!.promotion ?? false;
      return { productId, quantity, unitPrice, discount, lineTotal, netTotal, taxRate, taxAmount, cost, promotion };
    });
    const sale = {
      id: uuidV7(at),
      storeId: request.storeId,
      businessDate,
      occurredAt: at.toISOString(),
      clientId: request.client?.id ?? null,
      clientName: request.client?.name ?? null,
      clientTaxId: request.client?.taxId ?? null,
      currency,
      subtotal: totals.subtotal,
      discount: totals.discount,
      tax: totals.tax,
      total: totals.total,
      paymentMethod: settlement.method,
      paymentStatus: settlement.status,
      notes: request.notes ?? null,
      posTransactionId: request.posTransactionId ?? null,
      lines,
      payments,
    };
    return { sale, products, change: settlement.change };
  }

  private async findProducts({ storeId, items }: CreateSaleDto, date: string): Promise<SaleProduct[]> {
    const wrong = faults(
      items,
      (item, i) =>
        referencesOf(item).length !== 1 && { pointer: `/items/${i}`, code: 'field.one_of', fields: 'productId, sku, barcode' },
    );
    if (wrong.length > 0) throw invalid(...wrong);
    const found = await this.inventory.resolveForSale(storeId, date, items);
    const unknown = faults(
      items,
      (item, i) => !found[i] && { pointer: `/items/${i}/${referencesOf(item)[0]}`, code: 'field.not_found' },
    );
    if (unknown.length > 0) throw new ProblemError('sales.unknown_product', { errors: unknown });
    const products = found as SaleProduct[];
    const inactive = faults(
      products,
      (product, i) =>
        !product.isActive && {
          pointer: `/items/${i}`,
          code: 'field.rule',
          message: { es: 'El producto no está activo.', en: 'The product is not active.' },
          rule: 'is_active',
          productId: product.productId,
        },
    );
    if (inactive.length > 0) throw new ProblemError('catalog.product_inactive', { errors: inactive });
    return products;
  }

  private async settle(
    request: CreateSaleDto,
    currency: string,
    digits: number,
    total: string,
    at: Date,
  ): Promise<{ settlement: Settlement; payments: NewSale['payments'] }> {
    const foreign = [...new Set(request.payments.map((payment) => payment.currency ?? currency))].filter(
      (code) => code !== currency,
    );
    const rates = foreign.length > 0 ? await this.rates.inForce(currency, foreign, at) : new Map<string, string>();
    const missing = faults(
      request.payments,
      ({ currency: paid = currency }, i) =>
        paid !== currency && !rates.has(paid) && { pointer: `/payments/${i}/currency`, code: 'field.not_found' },
    );
    if (missing.length > 0) throw new ProblemError('sales.no_exchange_rate', { errors: missing });
    const tendered = request.payments.map((payment) => ({
      method: payment.method,
      amount: payment.amount,
      rate: rates.get(payment.currency ?? currency) ?? '1',
    }));
    const settlement = settle(total, tendered, digits);
    if ('mismatch' in settlement) {
      throw new ProblemError('sales.payment_mismatch', {
        params: { total, paid: settlement.paid, currency },
        errors: [{ pointer: '/payments', code: MISMATCHES[settlement.mismatch], by: settlement.by, currency }],
      });
    }
    const payments = request.payments.map((payment, i) => ({
      method: payment.method,
      channel: payment.channel ?? null,
      currency: payment.currency ?? currency,
      amount: settlement.payments[i]!.amount,
      rate: tendered[i]!.rate,
      amountInSaleCurrency: settlement.payments[i]!.amountInSaleCurrency,
      reference: payment.reference ?? null,
    }));
    // a payment that went back whole as change was never made
    return { settlement, payments: payments.filter((payment) => Number(payment.amount) !== 0) };
  }
}

function referencesOf(item: SaleItemInputDto): string[] {
  return (['productId', 'sku', 'barcode'] as const).filter((name) => item[name] !== undefined);
}

function faults<T>(rows: readonly T[], check: (row: T, index: number) => FieldError | false): FieldError[] {
  return rows.map(check).filter((fault) => fault !== false);
}

function assertDiscounts(nets: string[]): void {
  const errors = faults(
    nets,
    (net, i) =>
      net.startsWith('-') && { pointer: `/items/${i}/discount`, code: 'field.rule', rule: 'discount <= quantity x unitPrice' },
  );
  if (errors.length > 0) throw invalid(...errors);
}

function soldAt(occurredAt: string | undefined): Date {
  const now = new Date();
  if (occurredAt === undefined) return now;
  const at = new Date(occurredAt);
  if (at.getTime() > now.getTime() + CLOCK_SKEW_MS) throw invalid({ pointer: '/occurredAt', code: 'field.future' });
  const oldest = addDays(now.toISOString().slice(0, 10), -OLDEST);
  if (at.toISOString().slice(0, 10) < oldest) throw invalid({ pointer: '/occurredAt', code: 'field.past', min: oldest });
  return at;
}
