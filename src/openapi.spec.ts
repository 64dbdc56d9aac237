import { Body, Controller, Get, Headers, Module, Patch } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiProperty, ApiTags, PartialType } from '@nestjs/swagger';
import { setPrefix } from './app.js';
import { AnyRole, Permission, Public } from './kernel/auth/auth.decorators.js';
import { SigningKeys } from './kernel/auth/signing-keys.js';
import { Config } from './kernel/config/config.js';
import { UnitOfWork } from './kernel/database/unit-of-work.js';
import { ApiAdapter } from './kernel/http/api-adapter.js';
import { Choice, Code, ListOf, Money, Quantity, Text, Uuid } from './kernel/http/fields.js';
import { IdempotencyRepository } from './kernel/http/idempotency.repository.js';
import { IdempotentPost, Problems, Tagged } from './kernel/http/operations.js';
import { pageOf } from './kernel/http/page.js';
import { RegistryIdempotencyRepository } from './kernel/http/registry-idempotency.repository.js';
import { Id, IfMatch } from './kernel/http/parameters.js';
import type { Document, Operation, Schema } from './kernel/openapi/document.js';
import { buildDocument } from './openapi.js';

class LineDto {
  @Uuid() productId: string;
  @Quantity({ sign: 'positive' }) quantity: string;
}
class CreateOrderDto {
  @Code(20) code: string;
  @Money({ optional: true, nullable: true }) discount?: string | null;
  @ListOf(LineDto, 3) items: LineDto[];
}
class UpdateOrderDto extends PartialType(CreateOrderDto) {}
class OrderDto {
  @Uuid() id: string;
  @Money() total: string;
  @Text(50, { nullable: true }) note: string | null;
  @Choice(['open', 'done']) status: string;
  @ApiProperty({ type: () => LineDto }) first: LineDto;
}

@ApiTags('Orders')
@Controller('orders')
class OrdersController {
  @Permission('sales.write')
  @Problems('inventory.insufficient_stock', 'sales.no_price')
  @IdempotentPost()
  @ApiCreatedResponse({ type: OrderDto })
  createOrder(@Body() dto: CreateOrderDto): OrderDto {
    return dto as never;
  }

  @AnyRole()
  @Get()
  @ApiOkResponse({ type: pageOf(OrderDto) })
  listOrders(): object {
    return {};
  }

  @AnyRole()
  @Tagged()
  @Get(':id')
  @ApiOkResponse({ type: OrderDto })
  getOrder(@Id() id: string): object {
    return { id };
  }

  @Permission('sales.write')
  @Patch(':id')
  updateOrder(@Id() id: string, @IfMatch() ifMatch: string, @Body() dto: UpdateOrderDto): object {
    return { id, ifMatch, dto };
  }

  @Public()
  @Get('open')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Where to go on.',
    schema: { type: 'string', maxLength: 36 },
  })
  readOpen(@Headers('last-event-id') last?: string): object {
    return { last };
  }
}

const providers = [
  ...[UnitOfWork, IdempotencyRepository, RegistryIdempotencyRepository].map((provide) => ({ provide, useValue: {} })),
  { provide: SigningKeys, useValue: { derive: () => [] } },
];

@Module({ controllers: [OrdersController], providers })
class OrdersModule {}

async function documentOf(module: object): Promise<Document> {
  const app = await NestFactory.create(module, new ApiAdapter(new Config()), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  setPrefix(app);
  return buildDocument(app) as unknown as Document;
}

describe('the OpenAPI document', () => {
  let document: Document;
  let schemas: Record<string, Schema>;
  const operation = (method: string, path: string): Operation => document.paths[path]?.[method] as Operation;

  const headersOf = (method: string, path: string, status: string): string[] =>
    Object.keys(operation(method, path).responses[status]?.headers ?? {});

  beforeAll(async () => {
    document = await documentOf(OrdersModule);
    schemas = document.components?.schemas ?? {};
  });

  it('should give every operation its errors, with their codes', () => {
    const { responses } = operation('post', '/v1/orders');
    expect(Object.keys(responses)).toEqual(['201', '400', '401', '403', '409', '413', '415', '422', '429', '500', '503']);
    expect(responses['409']?.description).toBe(
      '`http.idempotency_in_progress` Request in progress; `inventory.insufficient_stock` Insufficient stock',
    );
    expect(responses['422']?.description).toContain('`http.idempotency_mismatch`');
    expect(responses['400']?.description).toContain('`http.validation_failed`');
    expect(Object.keys(operation('patch', '/v1/orders/{id}').responses)).toEqual(expect.arrayContaining(['404', '412', '428']));
    expect(document.components?.responses?.['TooManyRequests']?.headers).toHaveProperty('Retry-After');
  });

  it('should say who may call', () => {
    expect(operation('get', '/v1/orders/open')).toMatchObject({ security: [], description: 'Public: needs no credential.' });
    expect(operation('get', '/v1/orders/open').responses).not.toHaveProperty('401');
    expect(operation('post', '/v1/orders')).toMatchObject({
      'x-permission': 'sales.write',
      description: 'Permission: `sales.write`.',
    });
    expect(document['security']).toEqual([{ bearer: [] }]);
  });

  it('should be true to what reading a body does', () => {
    expect(schemas['CreateOrderDto']).toMatchObject({ additionalProperties: false, required: ['code', 'items'] });
    expect(schemas['CreateOrderDto']?.properties?.['discount']).toMatchObject({
      type: ['string', 'number', 'null'],
      format: 'decimal',
    });
    expect(schemas['CreateOrderDto']?.properties?.['items']).toMatchObject({ type: 'array', minItems: 0, maxItems: 3 });
    expect(schemas['UpdateOrderDto']).not.toHaveProperty('required');
    expect(schemas['OrderDto']?.properties?.['total']).toMatchObject({
      type: 'string',
      pattern: String.raw`^\d{1,14}(\.\d{1,4})?$`,
    });
    expect(schemas['OrderDto']).not.toHaveProperty('additionalProperties');
  });

  it('should document headers where they are sent', () => {
    expect(headersOf('get', '/v1/orders/{id}', '200')).toContain('ETag');
    expect(headersOf('get', '/v1/orders', '200')).not.toContain('ETag');
    expect(headersOf('post', '/v1/orders', '201')).toContain('Idempotency-Replayed');
  });

  it('should list a header once that is read and documented', () => {
    expect(operation('get', '/v1/orders/open').parameters).toEqual([
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Where to go on.',
        required: false,
        schema: { type: 'string', maxLength: 36 },
      },
    ]);
  });

  it('should name pages, tags and operations', () => {
    expect(schemas['OrderPage']?.properties?.['nextCursor']).toMatchObject({ type: ['string', 'null'] });
    expect(document.tags).toEqual([{ name: 'Orders', description: 'Orders.' }]);
    expect(operation('get', '/v1/orders').operationId).toBe('listOrders');
  });

  it('should keep no mark of ours but x-permission', () => {
    expect(JSON.stringify(document)).not.toMatch(/"x-(public|etag|problems)"/);
  });

  it('should refuse two operations of one name', async () => {
    @Controller('other')
    class OtherController {
      @AnyRole()
      @Get()
      listOrders(): object {
        return {};
      }
    }
    @Module({ controllers: [OrdersController, OtherController], providers })
    class TwiceModule {}
    await expect(documentOf(TwiceModule)).rejects.toThrow('"listOrders" names both');
  });
});
