import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import {
  CreatePurchaseOrderDto,
  PurchaseOrderDto,
  PurchaseOrdersQuery,
  PurchaseOrderSummaryDto,
  ReceivePurchaseOrderDto,
  UpdatePurchaseOrderDto,
} from './purchase-orders.dto.js';
import { PurchaseOrdersService } from './purchase-orders.service.js';
import { ReceiptsService } from './receipts.service.js';

@ApiTags('Purchase orders')
@Controller('purchase-orders')
export class PurchaseOrdersController {
  constructor(
    private readonly orders: PurchaseOrdersService,
    private readonly receipts: ReceiptsService,
  ) {}

  /** Lists purchase orders, newest first. */
  @Get()
  @Permission('purchasing.read')
  @ApiOkResponse({ type: pageOf(PurchaseOrderSummaryDto) })
  listPurchaseOrders(@Query() query: PurchaseOrdersQuery): Promise<Page<PurchaseOrderSummaryDto>> {
    return this.orders.list(query);
  }

  /** Reads one purchase order with its lines and what has come of them. */
  @Get(':id')
  @Permission('purchasing.read')
  @Tagged()
  @ApiOkResponse({ type: PurchaseOrderDto })
  getPurchaseOrder(@Id() id: string): Promise<PurchaseOrderDto> {
    return this.orders.get(id);
  }

  /** Creates a draft of an order to a supplier for one store. */
  @IdempotentPost()
  @BodyExamples(CreatePurchaseOrderDto, {
    example: {
      storeId: EXAMPLE_ID,
      supplierId: EXAMPLE_ID,
      items: [{ productId: EXAMPLE_ID, quantity: '24', unitCost: '2.50' }],
    },
  })
  @Permission('purchasing.write')
  @Problems('catalog.product_inactive', 'catalog.store_inactive', 'catalog.supplier_inactive', 'http.not_found')
  @ApiCreatedResponse({ type: PurchaseOrderDto })
  createPurchaseOrder(@Body() body: CreatePurchaseOrderDto): Promise<PurchaseOrderDto> {
    return this.orders.create(body);
  }

  /** Changes an order: its lines while it is a draft, the expected date and notes while it is open. */
  @Patch(':id')
  @BodyExamples(UpdatePurchaseOrderDto, { example: { notes: 'Entregar por la mañana' } })
  @Permission('purchasing.write')
  @Tagged()
  @Problems('purchasing.invalid_status', 'catalog.product_inactive')
  @ApiOkResponse({ type: PurchaseOrderDto })
  updatePurchaseOrder(
    @Id() id: string,
    @IfMatch() ifMatch: string,
    @Body() body: UpdatePurchaseOrderDto,
  ): Promise<PurchaseOrderDto> {
    return this.orders.update(id, ifMatch, body);
  }

  /** Notes that a draft went to the supplier. */
  @Post(':id/send')
  @HttpCode(200)
  @Permission('purchasing.write')
  @Problems('purchasing.invalid_status', 'http.not_found')
  @ApiOkResponse({ type: PurchaseOrderDto })
  sendPurchaseOrder(@Id() id: string): Promise<PurchaseOrderDto> {
    return this.orders.send(id);
  }

  /** Notes that the supplier accepted the order. */
  @Post(':id/confirm')
  @HttpCode(200)
  @Permission('purchasing.write')
  @Problems('purchasing.invalid_status', 'http.not_found')
  @ApiOkResponse({ type: PurchaseOrderDto })
  confirmPurchaseOrder(@Id() id: string): Promise<PurchaseOrderDto> {
    return this.orders.confirm(id);
  }

  /** Cancels an open order. What has come of it stays; the rest is no longer expected. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permission('purchasing.write')
  @Problems('purchasing.invalid_status', 'http.not_found')
  @ApiOkResponse({ type: PurchaseOrderDto })
  cancelPurchaseOrder(@Id() id: string): Promise<PurchaseOrderDto> {
    return this.orders.cancel(id);
  }

  /** Takes in what has come of an order, whole or in part: stock rises and alerts that it answers resolve. */
  @IdempotentPost(':id/receive')
  @BodyExamples(ReceivePurchaseOrderDto, {
    example: { lines: [{ itemId: EXAMPLE_ID, quantity: '1' }], deliveryNote: 'NE-00123' },
  })
  @Permission('purchasing.write')
  @Problems(
    'purchasing.over_received',
    'purchasing.invalid_status',
    'catalog.product_inactive',
    'catalog.store_inactive',
    'http.not_found',
  )
  @ApiCreatedResponse({ type: PurchaseOrderDto })
  receivePurchaseOrder(@Id() id: string, @Body() body: ReceivePurchaseOrderDto): Promise<PurchaseOrderDto> {
    return this.receipts.receive(id, body);
  }
}
