import { Injectable } from '@nestjs/common';
import { assertStoreAllowed, isStoreAllowed, storeScope } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { FieldError } from '../../kernel/errors/field-errors.js';
import { invalid, notFound, ProblemError } from '../../kernel/errors/problem-error.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { assertMatch } from '../../kernel/http/etag.js';
import type { Page } from '../../kernel/http/page.js';
import { addDays, localDateOf } from '../../kernel/time/zone.js';
import { isAllowed, orderTotals, type OrderAction } from './order-calculation.js';
import type {
  CreatePurchaseOrderDto,
  OrderItemInputDto,
  PurchaseOrderDto,
  PurchaseOrdersQuery,
  PurchaseOrderSummaryDto,
  UpdatePurchaseOrderDto,
} from './purchase-orders.dto.js';
import { PurchaseOrdersRepository, type OrderedProduct, type OrderLine } from './purchase-orders.repository.js';

const LIST = 'listPurchaseOrders';

@Injectable()
export class PurchaseOrdersService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly orders: PurchaseOrdersRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ limit, cursor, ...filter }: PurchaseOrdersQuery): Promise<Page<PurchaseOrderSummaryDto>> {
    assertStoreAllowed(filter.storeId);
    const [beforeId] = this.cursors.after(LIST, cursor) ?? [];
    const rows = await this.orders.list({ ...filter, scope: storeScope() }, beforeId as string | undefined, limit + 1);
    return this.cursors.page(LIST, rows, limit, (last) => [last.id]);
  }

  /** 404 also for an order of a store beyond the caller's. */
  async get(id: string): Promise<PurchaseOrderDto> {
    const order = await this.orders.find(id);
    if (!order || !isStoreAllowed(order.storeId)) throw notFound();
    return order;
  }

  /** A draft with its gap-free number. Costs that are not given are what the supplier usually asks, else the product's. */
  async create(body: CreatePurchaseOrderDto): Promise<PurchaseOrderDto> {
    assertStoreAllowed(body.storeId);
    const { timezone, currency } = tenantScope().tenant.settings;
    return this.unit.transaction(async () => {
      const leadTimeDays = await this.checkParties(body);
      const lines = await this.lines(body.items, body.supplierId);
      const orderDate = body.orderDate ?? localDateOf(new Date(), timezone);
      const expectedDate = body.expectedDate === undefined ? addDays(orderDate, leadTimeDays) : body.expectedDate;
      assertDates(orderDate, expectedDate);
      const { storeId, supplierId, notes = null } = body;
      const order = { storeId, supplierId, orderDate, expectedDate, notes, currency: body.currency ?? currency, lines };
      return this.get(await this.orders.create({ ...order, ...orderTotals(lines) }));
    });
  }

  /** Lines change while it is a draft; the expected date and the notes while it is open. */
  async update(id: string, ifMatch: string, { items, expectedDate, notes }: UpdatePurchaseOrderDto): Promise<PurchaseOrderDto> {
    return this.unit.transaction(async () => {
      const order = await this.locked(id, items === undefined ? 'reschedule' : 'edit');
      assertMatch(ifMatch, order);
      if (items !== undefined) {
        const lines = await this.lines(items, order.supplierId);
        await this.orders.replaceLines(id, lines, orderTotals(lines));
      }
      const expected = expectedDate === undefined ? order.expectedDate : expectedDate;
      assertDates(order.orderDate, expected);
      await this.orders.setDetails(id, expected, notes === undefined ? order.notes : notes);
      return this.get(id);
    });
  }

  send(id: string): Promise<PurchaseOrderDto> {
    return this.move(id, 'send', 'sent');
  }

  confirm(id: string): Promise<PurchaseOrderDto> {
    return this.move(id, 'confirm', 'confirmed');
  }

  /** What has come stays; the rest is no longer on order. */
  cancel(id: string): Promise<PurchaseOrderDto> {
    return this.move(id, 'cancel', 'cancelled');
  }

  /** The order under its lock, when its state allows the action (else 409). Inside a transaction. */
  async locked(id: string, action: OrderAction): Promise<PurchaseOrderDto> {
    await this.get(id);
    await this.orders.lock(id);
    const order = await this.get(id);
    if (!isAllowed(action, order.status)) {
      throw new ProblemError('purchasing.invalid_status', { params: { status: order.status } });
    }
    return order;
  }

  private move(id: string, action: OrderAction, status: 'sent' | 'confirmed' | 'cancelled'): Promise<PurchaseOrderDto> {
    return this.unit.transaction(async () => {
      await this.locked(id, action);
      await this.orders.setStatus(id, status);
      return this.get(id);
    });
  }

  /** @returns the supplier's lead time, days */
  private async checkParties({ storeId, supplierId }: CreatePurchaseOrderDto): Promise<number> {
    const parties = await this.orders.parties(storeId, supplierId);
    if (!parties) throw notFound();
    const blame = (pointer: string): { errors: FieldError[] } => ({ errors: [{ pointer, code: 'field.not_allowed' }] });
    if (!parties.storeActive) throw new ProblemError('catalog.store_inactive', blame('/storeId'));
    if (!parties.supplierActive) throw new ProblemError('catalog.supplier_inactive', blame('/supplierId'));
    return parties.leadTimeDays;
  }

  private async lines(items: OrderItemInputDto[], supplierId: string): Promise<OrderLine[]> {
    const ids = items.map(({ productId }) => productId);
    const products = await this.orders.products(ids, supplierId);
    const faulty = (isFault: (product: OrderedProduct) => boolean, code: FieldError['code']): FieldError[] =>
      products.flatMap((product, index) => (isFault(product) ? [{ pointer: `/items/${index}/productId`, code }] : []));
    const unknown = faulty(({ productId }) => productId === null, 'field.not_found');
    if (unknown.length > 0) throw new ProblemError('http.not_found', { errors: unknown });
    const inactive = faulty(({ isActive }) => !isActive, 'field.not_allowed');
    if (inactive.length > 0) throw new ProblemError('catalog.product_inactive', { errors: inactive });
    return items.map(({ productId, quantity, unitCost }, index) => {
      const product = products[index] as OrderedProduct;
      return { productId, quantity, unitCost: unitCost ?? product.unitCost, taxRate: product.taxRate };
    });
  }
}

function assertDates(orderDate: string, expectedDate: string | null): void {
  if (expectedDate !== null && expectedDate < orderDate) {
    throw invalid({ pointer: '/expectedDate', code: 'field.past', min: orderDate });
  }
}
