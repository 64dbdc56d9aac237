import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { CreateStoreDto, StoreDto, StoresQuery, UpdateStoreDto } from './stores.dto.js';
import { StoresService } from './stores.service.js';

@ApiTags('Stores')
@Controller('stores')
export class StoresController {
  constructor(private readonly stores: StoresService) {}

  /** Lists the stores, warehouses and distribution centres that the caller may see, by code. */
  @Get()
  @Permission('catalog.read')
  @ApiOkResponse({ type: pageOf(StoreDto) })
  listStores(@Query() query: StoresQuery): Promise<Page<StoreDto>> {
    return this.stores.list(query);
  }

  /** Reads one store. */
  @Get(':id')
  @Permission('catalog.read')
  @Tagged()
  @ApiOkResponse({ type: StoreDto })
  getStore(@Id() id: string): Promise<StoreDto> {
    return this.stores.get(id);
  }

  /** Creates a store, with an invoice series of its own. */
  @IdempotentPost()
  @BodyExamples(CreateStoreDto, {
    store: { code: 'CCS02', name: 'Caracas - Los Palos Grandes', type: 'store', address: { city: 'Caracas', state: 'Miranda' } },
  })
  @Permission('catalog.write')
  @Problems('catalog.code_taken', 'auth.all_stores_required')
  @ApiCreatedResponse({ type: StoreDto })
  createStore(@Body() body: CreateStoreDto): Promise<StoreDto> {
    return this.stores.create(body);
  }

  /** Changes the fields that are given. */
  @Patch(':id')
  @BodyExamples(UpdateStoreDto, { example: { contact: { phone: '+58-212-2024000', manager: 'Ana Jiménez' } } })
  @Permission('catalog.write')
  @Tagged()
  @Problems('catalog.code_taken', 'catalog.store_in_use')
  @ApiOkResponse({ type: StoreDto })
  updateStore(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateStoreDto): Promise<StoreDto> {
    return this.stores.update(id, ifMatch, body);
  }

  /** Deactivates a store. Refused while it holds stock or awaits orders; its history stays. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('catalog.write')
  @Problems('catalog.store_in_use')
  @ApiNoContentResponse()
  deactivateStore(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.stores.deactivate(id, ifMatch);
  }
}
