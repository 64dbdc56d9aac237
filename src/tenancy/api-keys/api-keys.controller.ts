import { Body, Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { BodyExamples, IdempotentPost, Problems, SealedAnswer, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { ApiKeyDto, ApiKeyQuery, CreateApiKeyDto, CreatedApiKeyDto } from './api-key.dto.js';
import { ApiKeyService } from './api-key.service.js';

@ApiTags('API keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyService) {}

  /** Lists API keys of the tenant, newest first, without their secrets. */
  @Get()
  @Permission('users.write')
  @ApiOkResponse({ type: pageOf(ApiKeyDto) })
  listApiKeys(@Query() query: ApiKeyQuery): Promise<Page<ApiKeyDto>> {
    return this.keys.list(query);
  }

  /**
   * Makes an API key that acts for the caller.
   * @remarks Role, permissions and stores may be narrowed. `token` is shown this once: the server keeps its hash. The key ends with its person.
   */
  @IdempotentPost()
  @BodyExamples(CreateApiKeyDto, {
    till: {
      name: 'Point of sale, Chacao',
      role: 'user',
      scopes: ['sales.write', 'catalog.read', 'inventory.read'],
      storeIds: null,
    },
  })
  @SealedAnswer()
  @Permission('users.write')
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  @Problems('auth.person_required')
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  createApiKey(@Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.keys.create(body);
  }

  /** Shows one API key, without its secret. */
  @Get(':id')
  @Tagged()
  @Permission('users.write')
  @Problems('http.not_found')
  getApiKey(@Id() id: string): Promise<ApiKeyDto> {
    return this.keys.get(id);
  }

  /** Revokes an API key: it stops working everywhere within a second. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('users.write')
  @Problems('http.not_found', 'http.precondition_failed')
  revokeApiKey(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    return this.keys.revoke(id, ifMatch);
  }
}
