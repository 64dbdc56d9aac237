import { Body, Controller, Delete, Get, HttpCode, Patch, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../../kernel/auth/auth.decorators.js';
import { CursorCodec } from '../../kernel/http/cursor-codec.js';
import { BodyExamples, IdempotentPost, Problems, Tagged } from '../../kernel/http/operations.js';
import { pageOf, type Page } from '../../kernel/http/page.js';
import { Id, IfMatch } from '../../kernel/http/parameters.js';
import { withCheckedTaxId } from '../../kernel/identifiers/tax-id.js';
import { ClientDto, ClientsQuery, CreateClientDto, UpdateClientDto } from './clients.dto.js';
import { ClientsRepository } from './clients.repository.js';

const LIST = 'listClients';

@ApiTags('Clients')
@Controller('clients')
export class ClientsController {
  constructor(
    private readonly clients: ClientsRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** Lists clients by name. */
  @Get()
  @Permission('sales.read')
  @ApiOkResponse({ type: pageOf(ClientDto) })
  async listClients(@Query() { limit, cursor, ...filter }: ClientsQuery): Promise<Page<ClientDto>> {
    const [name, id] = (this.cursors.after(LIST, cursor) ?? []) as [string?, string?];
    const rows = await this.clients.list({
      ...filter,
      ...(name !== undefined && id ? { after: { name, id } } : {}),
      limit: limit + 1,
    });
    return this.cursors.page(LIST, rows, limit, (last) => [last.name, last.id]);
  }

  /** Reads one client. */
  @Get(':id')
  @Permission('sales.read')
  @Tagged()
  @ApiOkResponse({ type: ClientDto })
  getClient(@Id() id: string): Promise<ClientDto> {
    return this.clients.get(id);
  }

  /** Registers a client. */
  @IdempotentPost()
  @BodyExamples(CreateClientDto, {
    client: { code: 'CLI-001', name: 'Restaurante La Estancia, C.A.', taxId: 'J-29871034-0', phone: '+58-212-2024000' },
  })
  @Permission('sales.write')
  @Problems('sales.client_taken')
  @ApiCreatedResponse({ type: ClientDto })
  createClient(@Body() body: CreateClientDto): Promise<ClientDto> {
    return this.clients.create(withCheckedTaxId(body));
  }

  /** Changes the fields that are given. */
  @Patch(':id')
  @BodyExamples(UpdateClientDto, { phone: { phone: '+58-212-2024000' } })
  @Permission('sales.write')
  @Tagged()
  @Problems('sales.client_taken')
  @ApiOkResponse({ type: ClientDto })
  updateClient(@Id() id: string, @IfMatch() ifMatch: string, @Body() body: UpdateClientDto): Promise<ClientDto> {
    return this.clients.update(id, ifMatch, () => withCheckedTaxId(body));
  }

  /** Deactivates a client; past sales keep naming it. */
  @Delete(':id')
  @HttpCode(204)
  @Permission('sales.write')
  @ApiNoContentResponse()
  async deactivateClient(@Id() id: string, @IfMatch() ifMatch: string): Promise<void> {
    await this.clients.update(id, ifMatch, () => ({ isActive: false }));
  }
}
