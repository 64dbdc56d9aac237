import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { EXAMPLE_ID } from '../../kernel/openapi/example-ids.js';
import { IntegrityDto, LevelDto, LevelsQuery, ReasonsDto } from './levels.dto.js';
import { StockLimitsDto, UpdateStockLimitsDto } from './limits.dto.js';
import { LimitsService } from './limits.service.js';
import { CreateMovementDto, MovementDto, MovementsQuery, RecordedMovementDto } from './movements.dto.js';
import { MovementsService } from './movements.service.js';
import { StockService } from './stock.service.js';

const MOVEMENT = { storeId: EXAMPLE_ID, productId: EXAMPLE_ID };

@ApiTags('Inventory')
@Controller('inventory')
export class StockController {
  constructor(
    private readonly stock: StockService,
    private readonly movements: MovementsService,
    private readonly limits: LimitsService,
  ) {}

  /** Lists stock by product and store; below=true answers what has fallen below its reorder point. */
  @Get()
  @Permission('inventory.read')
  @ApiOkResponse({ type: pageOf(LevelDto) })
  listStockLevels(@Query() query: LevelsQuery): Promise<Page<LevelDto>> {
    return this.stock.listLevels(query);
  }

  /** The kardex: movements, newest first, each with the stock after it. Without dates: the last 30 days. */
  @Get('movements')
  @Permission('inventory.read')
  @ApiOkResponse({ type: pageOf(MovementDto) })
  listMovements(@Query() query: MovementsQuery): Promise<Page<MovementDto>> {
    return this.stock.listMovements(query);
  }

  /** Records a movement of stock: received, taken out, transferred to another store (both rows or none) or corrected. */
  @IdempotentPost('movements')
  @BodyExamples(CreateMovementDto, {
    received: { ...MOVEMENT, type: 'in', quantity: '12', unitCost: '2.50', reason: 'Reposición semanal' },
    takenOut: { ...MOVEMENT, type: 'out', quantity: '1', reason: 'damage' },
    transferred: { ...MOVEMENT, type: 'transfer', quantity: '2', toStoreId: EXAMPLE_ID, reason: 'Reparto' },
    corrected: { ...MOVEMENT, type: 'adjustment', quantity: '-1', reason: 'count' },
  })
  @Permission('inventory.write')
  @Problems(
    'inventory.insufficient_stock',
    'inventory.invalid_movement',
    'inventory.same_store',
    'catalog.product_inactive',
    'catalog.store_inactive',
    'http.not_found',
  )
  @ApiCreatedResponse({ type: RecordedMovementDto })
  recordMovement(@Body() body: CreateMovementDto): Promise<RecordedMovementDto> {
    return this.movements.create(body);
  }

  /** Lists the reasons that a movement may name by code. */
  @Get('reasons')
  @Permission('inventory.read')
  @ApiOkResponse({ type: ReasonsDto })
  listMovementReasons(): Promise<ReasonsDto> {
    return this.stock.listReasons();
  }

  /** Proves that every level is the sum of its movements, or lists those that are not. Reads the whole ledger. */
  @Get('integrity')
  @Permission('inventory.read')
  @ApiOkResponse({ type: IntegrityDto })
  checkInventoryIntegrity(): Promise<IntegrityDto> {
    return this.stock.checkIntegrity();
  }

  /** Reads reorder point, limits and lead time of one product in one store. */
  @Get(':productId/:storeId')
  @Permission('inventory.read')
  @Tagged()
  @ApiOkResponse({ type: StockLimitsDto })
  getStockLimits(@Id('productId') productId: string, @Id('storeId') storeId: string): Promise<StockLimitsDto> {
    return this.limits.get(productId, storeId);
  }

  /** Sets reorder point, limits and lead time of one product in one store; null takes the product's again. */
  @Patch(':productId/:storeId')
  @BodyExamples(UpdateStockLimitsDto, {
    own: { reorderPoint: '24', minStockLevel: '6', maxStockLevel: '96', leadTimeDays: 5 },
    ofTheProduct: { reorderPoint: null, leadTimeDays: null },
  })
  @Permission('inventory.write')
  @Tagged()
  @ApiOkResponse({ type: StockLimitsDto })
  updateStockLimits(
    @Id('productId') productId: string,
    @Id('storeId') storeId: string,
    @IfMatch() ifMatch: string,
    @Body() body: UpdateStockLimitsDto,
  ): Promise<StockLimitsDto> {
    return this.limits.update(productId, storeId, ifMatch, body);
  }
}
