import { Injectable } from '@nestjs/common';
import { Big } from 'big.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { retried } from '../../kernel/database/retry.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { ProblemError } from '../../kernel/errors/problem-error.js';
import { localDateOf } from '../../kernel/time/zone.js';
import type { MovementLine } from '../stock/movements.repository.js';
import { MovementsService } from '../stock/movements.service.js';
import { receivable, statusByQuantities } from './order-calculation.js';
import type { OrderItemDto, PurchaseOrderDto, ReceiptLineInputDto, ReceivePurchaseOrderDto } from './purchase-orders.dto.js';
import { PurchaseOrdersService } from './purchase-orders.service.js';
import { ReceiptsRepository, type ReceiptLine } from './receipts.repository.js';

@Injectable()
export class ReceiptsService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly orders: PurchaseOrdersService,
    private readonly receipts: ReceiptsRepository,
    private readonly movements: MovementsService,
  ) {}

  /**
   * Takes in what has come of an order, whole or in part, in one transaction: stock rises at the order's cost, the receipt gets its
   * number, the order's state follows from its quantities. An alert that the stock no longer deserves resolves by itself.
   */
  async receive(id: string, body: ReceivePurchaseOrderDto): Promise<PurchaseOrderDto> {
    return retried(() =>
      this.unit.transaction(async () => {
        const order = await this.orders.locked(id, 'receive');
        const lines = matchLines(order.items, body.lines);
        const received = addUp(order.items, lines);
        assertWithinOrder(received, body.lines);
        // the levels before the counter, as every other writer: the counter is held for the shortest time
        await this.movements.record(
          lines.map((line) => receivedLine(order, line)),
          () => [],
        );
        await this.receipts.write({
          orderId: id,
          storeId: order.storeId,
          deliveryNote: body.deliveryNote ?? null,
          notes: body.notes ?? null,
          status: statusByQuantities(received),
          today: localDateOf(new Date(), tenantScope().tenant.settings.timezone),
          lines,
        });
        return this.orders.get(id);
      }),
    );
  }
}

type ReceivedItem = OrderItemDto & { ordered: string; received: string };

function matchLines(items: OrderItemDto[], lines: ReceiptLineInputDto[]): ReceiptLine[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const unknown: FieldError[] = [];
  const matched = lines.flatMap(({ itemId, quantity }, index): ReceiptLine[] => {
    const item = byId.get(itemId);
    if (item) return [{ itemId, quantity, productId: item.productId, unitCost: item.unitCost }];
    unknown.push({ pointer: `/lines/${index}/itemId`, code: 'field.not_found' });
    return [];
  });
  if (unknown.length > 0) throw new ProblemError('http.not_found', { errors: unknown });
  return matched;
}

/** The order's lines with what they will have received. */
function addUp(items: OrderItemDto[], lines: ReceiptLine[]): ReceivedItem[] {
  return items.map((item) => {
    const come = lines.filter(({ itemId }) => itemId === item.id).reduce((sum, { quantity }) => sum.plus(quantity), new Big(0));
    return Object.assign({}, item, { ordered: item.quantityOrdered, received: come.plus(item.quantityReceived).toFixed(4) });
  });
}

function assertWithinOrder(items: ReceivedItem[], lines: ReceiptLineInputDto[]): void {
  const errors = items.flatMap((item): FieldError[] => {
    const { ordered, overReceiptPercent, quantityReceived } = item;
    const max = receivable({ ordered, received: quantityReceived, overReceiptPercent });
    if (new Big(item.received).minus(quantityReceived).lte(max)) return [];
    return lines.flatMap(({ itemId }, index): FieldError[] =>
      itemId === item.id ? [{ pointer: `/lines/${index}/quantity`, code: 'field.max', max }] : [],
    );
  });
  if (errors.length > 0) throw new ProblemError('purchasing.over_received', { errors });
}

function receivedLine({ id, storeId }: PurchaseOrderDto, { productId, quantity, unitCost }: ReceiptLine): MovementLine {
  return {
    productId,
    storeId,
    type: 'in',
    kind: 'received',
    quantity,
    unitCost,
    referenceType: 'purchase',
    referenceId: id,
    reason: 'purchase',
  };
}
