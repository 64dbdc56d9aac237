import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { CreateSaleDto, SaleDto, SalesQuery, SaleSummaryDto, VoidSaleDto } from './sales.dto.js';
import { SalesService } from './sales.service.js';

@ApiTags('Sales')
@Controller('sales')
export class SalesController {
  constructor(private readonly sales: SalesService) {}

  /** Lists sales of a period, newest first. */
  @Get()
  @Permission('sales.read')
  @ApiOkResponse({ type: pageOf(SaleSummaryDto) })
  listSales(@Query() query: SalesQuery): Promise<Page<SaleSummaryDto>> {
    return this.sales.list(query);
  }

  /** Reads one sale with its lines and payments. */
  @Get(':id')
  @Permission('sales.read')
  @Tagged()
  @ApiOkResponse({ type: SaleDto })
  getSale(@Id() id: string): Promise<SaleDto> {
    return this.sales.get(id);
  }

  /** Sells: lines and payments in one request. Stock falls and the invoice number is taken, or nothing is written. */
  @IdempotentPost()
  @BodyExamples(CreateSaleDto, {
    cash: {
      storeId: EXAMPLE_ID,
      items: [{ productId: EXAMPLE_ID, quantity: '2' }],
      payments: [{ method: 'cash', amount: '100' }],
    },
    forAClient: {
      storeId: EXAMPLE_ID,
      items: [{ productId: EXAMPLE_ID, quantity: '1' }],
      payments: [{ method: 'cash', amount: '100' }],
      client: { name: 'Inversiones El Ávila, C.A.', taxId: 'J-30105123-8' },
    },
  })
  @Permission('sales.write')
  @Problems(
    'inventory.insufficient_stock',
    'sales.payment_mismatch',
    'sales.unknown_product',
    'sales.no_exchange_rate',
    'sales.duplicate_transaction',
    'catalog.product_inactive',
    'catalog.store_inactive',
  )
  @ApiCreatedResponse({ type: SaleDto })
  createSale(@Body() body: CreateSaleDto): Promise<SaleDto> {
    return this.sales.create(body);
  }

  /** Voids a completed sale: the goods come back to stock, the number stays used. */
  @Post(':id/void')
  @BodyExamples(VoidSaleDto, { twice: { reason: 'Cobro duplicado' } })
  @HttpCode(200)
  @Permission('sales.approve')
  @Tagged()
  @Problems('sales.already_voided', 'sales.invalid_status')
  @ApiOkResponse({ type: SaleDto })
  voidSale(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: VoidSaleDto): Promise<SaleDto> {
    return this.sales.void(id, ifMatch, body);
  }
}
