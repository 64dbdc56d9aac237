import type { PricedSale } from './sale-draft.js';
import type { SaleDto } from './sales.dto.js';
import type { WrittenSale } from './sales.repository.js';

/** The sale that was just made, as its client sees it. */
export function answerOf({ sale, products, change }: PricedSale, written: WrittenSale): SaleDto {
  return {
    id: sale.id,
    storeId: sale.storeId,
    invoiceNumber: written.invoiceNumber,
    status: 'completed',
    businessDate: sale.businessDate,
    occurredAt: new Date(sale.occurredAt),
    client: { id: sale.clientId, name: sale.clientName, taxId: sale.clientTaxId },
    currency: sale.currency,
    subtotal: sale.subtotal,
    discountAmount: sale.discount,
    taxAmount: sale.tax,
    totalAmount: sale.total,
    changeAmount: change,
    paymentMethod: sale.paymentMethod as SaleDto['paymentMethod'],
    paymentStatus: sale.paymentStatus as SaleDto['paymentStatus'],
    posTransactionId: sale.posTransactionId,
    createdBy: written.createdBy,
    updatedAt: written.updatedAt,
    notes: sale.notes,
    voidReason: null,
    items: sale.lines.map((line, i) => ({
      id: written.itemIds[i]!,
      lineNumber: i + 1,
      productId: line.productId,
      sku: products[i]!.sku,
      name: products[i]!.name,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      lineTotal: line.lineTotal,
      discountAmount: line.discount,
      taxRate: line.taxRate,
      taxAmount: line.taxAmount,
    })),
    payments: sale.payments.map(({ method, channel, currency, amount, rate, amountInSaleCurrency, reference }) => ({
      method,
      channel,
      currency,
      amount,
      exchangeRate: rate,
      amountInSaleCurrency,
      reference,
    })) as SaleDto['payments'],
  };
}
