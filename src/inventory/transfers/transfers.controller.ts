import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { CreateTransferDto, TransferDto, TransfersQuery } from './transfers.dto.js';
import { TransfersService } from './transfers.service.js';

@ApiTags('Stock transfers')
@Controller('stock-transfers')
export class TransfersController {
  constructor(private readonly transfers: TransfersService) {}

  /** Lists transfers between stores, newest first. */
  @Get()
  @Permission('inventory.read')
  @ApiOkResponse({ type: pageOf(TransferDto) })
  listStockTransfers(@Query() query: TransfersQuery): Promise<Page<TransferDto>> {
    return this.transfers.list(query);
  }

  /** Reads one transfer with its lines. */
  @Get(':id')
  @Permission('inventory.read')
  @Tagged()
  @ApiOkResponse({ type: TransferDto })
  getStockTransfer(@Id() id: string): Promise<TransferDto> {
    return this.transfers.get(id);
  }

  /** Creates a draft of a transfer: what is to go from one store to another. Stock moves when it is completed. */
  @IdempotentPost()
  @BodyExamples(CreateTransferDto, {
    example: { fromStoreId: EXAMPLE_ID, toStoreId: EXAMPLE_ID, items: [{ productId: EXAMPLE_ID, quantity: '1' }] },
  })
  @Permission('inventory.write')
  @Problems('inventory.same_store', 'catalog.product_inactive', 'catalog.store_inactive', 'http.not_found')
  @ApiCreatedResponse({ type: TransferDto })
  createStockTransfer(@Body() body: CreateTransferDto): Promise<TransferDto> {
    return this.transfers.create(body);
  }

  /** Moves the goods of a transfer: both stores change, or neither. */
  @Post(':id/complete')
  @HttpCode(200)
  @Permission('inventory.write')
  @Problems(
    'inventory.insufficient_stock',
    'inventory.invalid_transfer_status',
    'catalog.product_inactive',
    'catalog.store_inactive',
    'http.not_found',
  )
  @ApiOkResponse({ type: TransferDto })
  completeStockTransfer(@Id() id: string): Promise<TransferDto> {
    return this.transfers.complete(id);
  }

  /** Gives a transfer up before anything has moved. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permission('inventory.write')
  @Problems('inventory.invalid_transfer_status', 'http.not_found')
  @ApiOkResponse({ type: TransferDto })
  cancelStockTransfer(@Id() id: string): Promise<TransferDto> {
    return this.transfers.cancel(id);
  }
}
