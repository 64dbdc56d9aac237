import { once } from 'node:events';
import { AsyncLocalStorage } from 'node:async_hooks';
import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, Module, Patch, Post, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { createApp } from '../../app.js';
import { AuthModule } from '../auth/auth.module.js';
import { AnyRole, Permission, Public } from '../auth/auth.decorators.js';
import { AUTHENTICATOR, type Authenticator, type Principal } from '../auth/authenticator.js';
import { permissionsOf } from '../auth/permissions.js';
import { assertStoreAllowed } from '../auth/store-scope.js';
import { Config } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { currentScope, type Role, type TenantRef } from '../database/tenant-context.js';
import { RegistryDatabase } from '../database/registry-database.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { ProblemError } from '../errors/problem-error.js';
import { AppLogger } from '../logging/logger.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { assertMatch } from './etag.js';
import { Choice, Code, Flag, ListOf, Money, OpenData, Quantity, Text, Uuid } from './fields.js';
import { HttpModule } from './http.module.js';
import type { NotedAnswer } from './idempotency.repository.js';
import { LoadShedder } from './load-shedder.js';
import { IdempotentPost, Tagged } from './operations.js';
import { readFormFields, type UploadedFile, type UploadStore } from './multipart.js';
import { PageQuery } from './page.dto.js';
import { Id, IfMatch } from './parameters.js';
import { ReceiveUpload, uploadOf } from './receive-upload.js';

class LineDto {
  @Uuid() productId: string;
  @Quantity({ sign: 'positive' }) quantity: string;
}

class OrderDto {
  @Code(20) code: string;
  @Text(50, { optional: true, nullable: true }) note?: string | null;
  @ListOf(LineDto, 3, { min: 1 }) items: LineDto[];
  @Money({ optional: true }) total?: string;
  @OpenData({ optional: true }) extra?: object;
}

class UploadDto {
  @Choice(['stock', 'sales']) kind: string;
  @Flag({ default: false }) dryRun: boolean;
}

const ID = '0190a5b0-0000-7000-8000-000000000001';
let runs = 0;

class ProbeFiles implements UploadStore<object> {
  async store({ name, content }: UploadedFile): Promise<object> {
    let size = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) size += chunk.length;
    return { name, size, tenant: currentScope()?.tenant?.slug };
  }

  async discard(): Promise<void> {}
}

@Controller('probe')
class ProbeController {
  @AnyRole()
  @Get('scope')
  readScope(): object {
    const { tenant, actor, locale, requestId } = currentScope() ?? {};
    return { tenant: tenant?.slug, user: actor?.user, locale, requestId };
  }

  @Permission('catalog.read')
  @Get('page')
  listProbes(@Query() query: PageQuery): object {
    return query;
  }

  @Permission('inventory.write')
  @IdempotentPost('orders')
  async createOrder(@Body() dto: OrderDto): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    if (dto.code === 'refused') throw new ProblemError('inventory.insufficient_stock');
    return { run: ++runs, dto };
  }

  @Permission('users.write')
  @Get('admin')
  readAdmin(): object {
    return {};
  }

  @AnyRole()
  @Tagged()
  @Get('rows/:id')
  readRow(@Id() id: string): object {
    return { id, rowVersion: 7 };
  }

  @AnyRole()
  @Patch('rows/:id')
  changeRow(@Id() id: string, @IfMatch() ifMatch: string): object {
    assertMatch(ifMatch, { rowVersion: 7 });
    return { id };
  }

  @AnyRole()
  @Get('stores/:id')
  readStore(@Id() id: string): object {
    assertStoreAllowed(id);
    return { id };
  }

  @Permission('imports.write')
  @IdempotentPost('uploads', 202)
  @ReceiveUpload(ProbeFiles)
  createUpload(@Req() request: FastifyRequest): object {
    const { fields, files } = uploadOf(request);
    const { kind, dryRun } = readFormFields(UploadDto, fields);
    return { run: ++runs, files, kind, dryRun };
  }

  @AnyRole()
  @Get('broken')
  breakDown(): object {
    throw new Error('secret detail in C:\\db.ts');
  }

  @Public()
  @Post('open')
  openDoor(): object {
    return {};
  }
}

const tenantOf = (slug: string, status: TenantRef['status'] = 'active'): TenantRef => ({
  id: `id-${slug}`,
  slug,
  name: slug,
  schema: `tenant_${slug}`,
  role: 'r',
  status,
  plan: 'free',
  settings: { timezone: 'America/Caracas', currency: 'USD', locale: 'es-VE' },
});

/** Tokens are `<tenant>:<role>`. */
class FakeAuthenticator implements Authenticator {
  async authenticate(credential: string): Promise<Principal> {
    const [tenantId, role] = credential.split(':') as [string, Role];
    if (!['acme', 'closed'].includes(tenantId)) throw new ProblemError('auth.invalid_token');
    return {
      tenantId,
      userId: 'u1',
      role,
      stores: role === 'user' ? [ID] : null,
      permissions: permissionsOf(role),
      via: 'http',
      expiresAt: Date.now() + (credential.endsWith(':old') ? -1 : 60_000),
    };
  }

  tenant(id: string): TenantRef {
    return tenantOf(id, id === 'closed' ? 'suspended' : 'active');
  }
}

/** Transactions and the table of answers in memory: the SQL itself is tested on PostgreSQL. */
class FakeUnit {
  private readonly answers = new Map<unknown, NotedAnswer>();
  private readonly locks = new Map<unknown, object>();
  private readonly running = new AsyncLocalStorage<object>();

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const transaction = {};
    return this.running.run(transaction, work).finally(() => {
      for (const [key, holder] of this.locks) if (holder === transaction) this.locks.delete(key);
    });
  }

  async query(_sql: string, values: unknown[]): Promise<object[]> {
    const transaction = this.running.getStore();
    if (transaction === undefined) throw new Error('outside a transaction');
    const key = values.join(':');
    const free = !this.locks.has(key);
    if (free) this.locks.set(key, transaction);
    return [{ requestHash: null, ...this.answers.get(key), locked: free }];
  }

  async executeAtCommit(_sql: string, values: [string, string, string, string, number, string, string]): Promise<void> {
    const [operation, actor, key, requestHash, statusCode, headers, body] = values;
    const answer = { requestHash, statusCode, headers: JSON.parse(headers), body: JSON.parse(body) };
    this.answers.set([operation, actor, key].join(':'), answer);
  }
}

const unit = new FakeUnit();
const providers = [
  { provide: UnitOfWork, useValue: unit },
  { provide: RegistryDatabase, useValue: {} },
];
const config = Object.assign(new Config(), {
  BODY_LIMIT: 4096,
  UPLOAD_LIMIT: 200_000,
  LOG_LEVEL: 'error',
  TENANT_DOMAIN: 'fluxion.example',
  DATA_DIR: `/tmp/fluxion-http-spec-${process.pid}`,
});

@Module({
  imports: [ConfigModule.of(config), TelemetryModule, AuthModule, HttpModule],
  controllers: [ProbeController],
  providers: [{ provide: AUTHENTICATOR, useClass: FakeAuthenticator }, ProbeFiles],
})
class ProbeModule {}

const logged: string[] = [];
let app: NestFastifyApplication;
let base: string;

async function call(
  path: string,
  options: { method?: string; token?: string | null; headers?: Record<string, string>; json?: unknown; body?: string } = {},
) {
  const { token = 'acme:manager', json } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  const response = await fetch(base + path, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown> & { errors: object[] }),
  };
}

const order = (code: string) => ({ code, items: [{ productId: ID, quantity: '2' }] });

beforeAll(async () => {
  const logger = new AppLogger({ level: 'info', json: true, to: { write: (line) => void logged.push(line) } });
  const module = {
    module: ProbeModule,
    providers,
    global: true,
    exports: [UnitOfWork, RegistryDatabase],
  };
  app = await createApp({ config, module, logger });
  await app.listen(0, '127.0.0.1');
  base = await app.getUrl();
});
afterAll(() => app.close());

describe('bad requests', () => {
  it('should answer malformed JSON as a problem', async () => {
    const { status, headers, body } = await call('/v1/probe/orders', { body: '{"a":' });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:fluxion:problem:http.malformed_json',
      title: 'JSON mal formado',
      status: 400,
      code: 'http.malformed_json',
      detail: 'El cuerpo no es JSON válido.',
      errors: [],
      requestId: headers.get('x-request-id'),
    });
  });

  it('should name every wrong field by pointer and code', async () => {
    const items = [
      { productId: 'x', quantity: '1e3' },
      { productId: ID, quantity: 0 },
      { productId: ID, quantity: '1.23456', colour: 'red' },
    ];
    const { status, body } = await call('/v1/probe/orders', {
      json: { items, total: -1, 'a/b': 1, note: 'a\u0000b', extra: { deep: ['\u0000'] } },
    });
    expect(status).toBe(400);
    expect(body?.errors.map((entry) => Object.values(entry).slice(0, 2).join(' '))).toEqual([
      '/code field.required',
      '/note field.characters',
      '/items/0/productId field.uuid',
      '/items/0/quantity field.decimal',
      '/items/1/quantity field.positive',
      '/items/2/quantity field.digits',
      '/items/2/colour field.unknown',
      '/total field.min',
      '/extra/deep/0 field.characters',
      '/a~1b field.unknown',
    ]);
  });

  it.each([
    ['a body over the limit', { body: `{"code":"${'x'.repeat(5000)}"}` }, 413, 'http.body_too_large'],
    [
      'another media type',
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'http.unsupported_media_type',
    ],
    ['plain text', { body: 'a', headers: { 'content-type': 'text/plain' } }, 415, 'http.unsupported_media_type'],
    ['announced but empty JSON', { body: '' }, 400, 'http.empty_body'],
    ['a list instead of an object', { body: '[]' }, 400, 'http.validation_failed'],
    ['a poisoned prototype', { body: '{"__proto__":{"a":1}}' }, 400, 'http.malformed_json'],
  ])('should refuse %s', async (_, options, status, code) => {
    expect(await call('/v1/probe/orders', { method: 'POST', ...options })).toMatchObject({ status, body: { code, status } });
  });

  it('should survive JSON nested thousands of levels deep, with a key too', async () => {
    const body = `{"extra":${'['.repeat(1800)}${']'.repeat(1800)}}`;
    expect((await call('/v1/probe/orders', { body })).status).toBe(400);
    expect((await call('/v1/probe/orders', { body, headers: { 'idempotency-key': 'deep' } })).status).toBe(400);
  });

  it('should refuse an id that is no UUID with its pointer', async () => {
    expect(await call('/v1/probe/rows/1%00')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/id', code: 'field.uuid' }] },
    });
  });

  it('should tell an unknown route from a wrong method', async () => {
    expect(await call('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'http.unknown_route' } });
    // Fastify knows no route with a slash at the end: the methods of the one without are not of this path
    for (const path of ['/v1/probe/page/', '/v1/probe/page/?limit=1']) {
      expect(await call(path)).toMatchObject({ status: 404, body: { code: 'http.unknown_route' } });
    }
    const wrong = await call('/v1/probe/page', { method: 'DELETE' });
    expect(wrong).toMatchObject({ status: 405, body: { code: 'http.method_not_allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD');
  });

  it('should answer a malformed URL and garbage on the socket', async () => {
    const url = new URL(base);
    const malformed = await new Promise<number | undefined>((resolve) => {
      rawRequest({ host: url.hostname, port: url.port, path: '/v1/%E0%A4%A' }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(malformed).toBe(400);
    const garbage = await new Promise<string>((resolve) => {
      const socket = connect(Number(url.port), url.hostname, () => socket.write('NOT HTTP\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('close', () => resolve(text));
    });
    expect(garbage).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json/s);
  });

  it('should not leak what broke, and log it once with the request id', async () => {
    logged.length = 0;
    const { status, body } = await call('/v1/probe/broken', { headers: { 'x-request-id': 'request-12345' } });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|db\.ts|Error:/);
    const line = logged
      .map((text) => JSON.parse(text) as Record<string, string>)
      .find((entry) => entry['message']?.includes('secret detail'));
    expect(line).toMatchObject({ requestId: 'request-12345', tenant: 'acme', level: 'error' });
    expect(line?.['stack']).toContain('breakDown');
  });
});

describe('queries', () => {
  it('should convert and default', async () => {
    expect((await call('/v1/probe/page?limit=7')).body).toEqual({ limit: 7 });
    expect((await call('/v1/probe/page')).body).toEqual({ limit: 50 });
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'cursor=%00', 'other=1'])('should refuse ?%s', async (query) => {
    expect(await call(`/v1/probe/page?${query}`)).toMatchObject({ status: 400, body: { code: 'http.validation_failed' } });
  });
});

describe('access', () => {
  it('should give handlers the scope of the caller, also after a body was read', async () => {
    expect((await call('/v1/probe/scope')).body).toMatchObject({ tenant: 'acme', user: 'u1', locale: 'es' });
    expect((await call('/v1/probe/scope', { headers: { 'accept-language': 'fr, en;q=0.8, es;q=0.2' } })).body).toMatchObject({
      locale: 'en',
    });
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, index) => call('/v1/probe/scope', { headers: { 'x-request-id': `concurrent-${index}` } })),
    );
    expect(many.map(({ body }) => body?.['requestId'])).toEqual(many.map((_, index) => `concurrent-${index}`));
  });

  it.each([
    ['no credential', { token: null }, 401, 'auth.required'],
    ['a forged one', { token: 'nobody:admin' }, 401, 'auth.invalid_token'],
    ['an expired one', { token: 'acme:old' }, 401, 'auth.expired_token'],
    ['another scheme', { token: null, headers: { authorization: 'Basic YTpi' } }, 401, 'auth.invalid_token'],
    ['a suspended tenant', { token: 'closed:admin' }, 403, 'tenancy.suspended'],
    ['another X-Tenant', { headers: { 'x-tenant': 'other' } }, 403, 'tenancy.mismatch'],
  ])('should refuse %s', async (_, options, status, code) => {
    const answer = await call('/v1/probe/scope', options);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer realm="fluxion"' : null);
  });

  it('should take an X-Tenant that agrees and refuse a subdomain that does not', async () => {
    expect((await call('/v1/probe/scope', { headers: { 'x-tenant': 'ACME' } })).status).toBe(200);
    const { hostname, port } = new URL(base);
    const status = (host: string) =>
      new Promise<number | undefined>((resolve) => {
        rawRequest(
          { hostname, port, path: '/v1/probe/scope', headers: { host, authorization: 'Bearer acme:admin' } },
          (response) => resolve(response.resume().statusCode),
        ).end();
      });
    expect(await status('acme.fluxion.example')).toBe(200);
    expect(await status('other.fluxion.example')).toBe(403);
    expect(await status('fluxion.example')).toBe(200);
  });

  it('should refuse what the role may not do, before the body is read', async () => {
    expect(await call('/v1/probe/admin')).toMatchObject({
      status: 403,
      body: { code: 'auth.forbidden', detail: 'Su rol no tiene el permiso users.write.' },
    });
    expect((await call('/v1/probe/admin', { token: 'acme:admin' })).status).toBe(200);
    expect(await call('/v1/probe/orders', { token: 'acme:viewer', body: '{"broken' })).toMatchObject({ status: 403 });
  });

  it('should answer a store beyond the scope like an unknown one', async () => {
    const other = ID.replace(/1$/, '2');
    expect((await call(`/v1/probe/stores/${ID}`, { token: 'acme:user' })).status).toBe(200);
    expect(await call(`/v1/probe/stores/${other}`, { token: 'acme:user' })).toMatchObject({
      status: 404,
      body: { code: 'http.not_found' },
    });
    expect((await call(`/v1/probe/stores/${other}`)).status).toBe(200);
  });

  it('should refuse to start with a route that says nothing about access', async () => {
    @Controller('forgotten')
    class ForgottenController {
      @Get()
      read(): object {
        return {};
      }
    }
    @Module({ imports: [ProbeModule], controllers: [ForgottenController] })
    class ForgottenModule {}
    const module = {
      module: ForgottenModule,
      providers,
      global: true,
      exports: [UnitOfWork, RegistryDatabase],
    };
    const other = await createApp({ config, module, logger: new AppLogger({ level: 'silent', json: true }) });
    await expect(other.init()).rejects.toThrow('GET /v1/forgotten has none of @Public');
    await other.close().catch(() => undefined);
  });
});

describe('answers', () => {
  it('should carry safety, request and rate headers', async () => {
    const { headers } = await call('/v1/probe/scope', { headers: { 'x-request-id': 'bad id\t' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('ratelimit-limit')).toBe('600');
    expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(600);
  });

  it('should send an ETag and honour it', async () => {
    const { headers } = await call(`/v1/probe/rows/${ID}`);
    const etag = headers.get('etag') as string;
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect((await call(`/v1/probe/rows/${ID}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(await call(`/v1/probe/rows/${ID}`, { method: 'PATCH' })).toMatchObject({
      status: 428,
      body: { code: 'http.precondition_required' },
    });
    expect(await call(`/v1/probe/rows/${ID}`, { method: 'PATCH', headers: { 'if-match': '"old"' } })).toMatchObject({
      status: 412,
    });
    expect((await call(`/v1/probe/rows/${ID}`, { method: 'PATCH', headers: { 'if-match': `W/${etag}` } })).status).toBe(200);
  });
});

const send = (key: string, json: unknown, options = {}) =>
  call('/v1/probe/orders', { json, headers: { 'idempotency-key': key }, ...options });

describe('Idempotency-Key', () => {
  it('should answer the same request once, whatever the order of its members', async () => {
    const first = await send('k1', order('A'));
    const again = await send('k1', { items: [{ quantity: '2', productId: ID }], code: 'A' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  });

  it('should refuse the key for another request', async () => {
    await send('k2', order('A'));
    expect(await send('k2', order('B'))).toMatchObject({ status: 422, body: { code: 'http.idempotency_mismatch' } });
  });

  it('should run concurrent copies once', async () => {
    const before = runs;
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => send('k3', order('C'))))).map(({ status }) => status);
    expect(runs).toBe(before + 1);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
  });

  it('should note nothing of a refusal and refuse keys that are none', async () => {
    expect((await send('k4', order('refused'))).status).toBe(409);
    expect((await send('k4', order('D'))).status).toBe(201);
    expect(await send('a b', order('E'))).toMatchObject({ status: 400, body: { code: 'http.invalid_idempotency_key' } });
  });
});

const upload = async (content: string, fields: Record<string, string>, key?: string) => {
  const form = new FormData();
  form.set('file', new Blob([content]), 'stock.csv');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const response = await fetch(`${base}/v1/probe/uploads`, {
    method: 'POST',
    headers: { authorization: 'Bearer acme:manager', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
};

describe('uploads', () => {
  it('should stream a file in the scope of the caller and read the fields', async () => {
    const { status, body } = await upload('x'.repeat(150_000), { kind: 'stock', dryRun: 'true' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ files: [{ name: 'stock.csv', size: 150_000, tenant: 'acme' }], kind: 'stock', dryRun: true });
  });

  it('should refuse a file over the limit, wrong fields and what is no form', async () => {
    expect(await upload('x'.repeat(250_000), { kind: 'stock' })).toMatchObject({
      status: 413,
      body: { code: 'http.body_too_large' },
    });
    expect(await upload('x', { kind: 'other', extra: '1' })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/kind', code: 'field.choice' },
          { pointer: '/extra', code: 'field.unknown' },
        ],
      },
    });
    expect(await call('/v1/probe/uploads', { json: {} })).toMatchObject({
      status: 415,
      body: { code: 'http.unsupported_media_type' },
    });
  });

  it('should not wait for a form that the operation does not take, with a used key neither', async () => {
    const headers = { 'idempotency-key': 'form' };
    expect((await call('/v1/probe/orders', { json: order('F'), headers })).status).toBe(201);
    const client = connect(Number(new URL(base).port), '127.0.0.1').setEncoding('utf8');
    client.write(
      'POST /v1/probe/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer acme:manager\r\nIdempotency-Key: form\r\n' +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n',
    );
    expect(String(await once(client, 'data'))).toContain('HTTP/1.1 415');
    client.destroy();
  });

  it('should know the same upload by its content, whatever the boundary', async () => {
    const first = await upload('a;b', { kind: 'stock' }, 'u1');
    const again = await upload('a;b', { kind: 'stock' }, 'u1');
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    expect(await upload('a;c', { kind: 'stock' }, 'u1')).toMatchObject({ status: 422 });
    expect(await upload('a;b', { kind: 'sales' }, 'u1')).toMatchObject({ status: 422 });
  });
});

describe('health and load', () => {
  it('should be alive and ready, and give metrics with bounded labels', async () => {
    expect((await call('/health/live', { token: null })).body).toEqual({ status: 'ok' });
    expect((await call('/health/ready', { token: null })).body).toEqual({ status: 'ok', checks: {} });
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('http_request_duration_seconds_count{operation="createOrder",status="2xx"}');
    expect(text).not.toContain(ID);
    expect((await call('/metrics', { token: null, headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404);
  });

  it.each(['/v1/nothing', '/health/live'])('should count a request to %s whose body is awaited', async (path) => {
    const load = app.get(LoadShedder);
    const client = connect(Number(new URL(base).port), '127.0.0.1');
    client.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
    while (load.running === 0) await delay(1);
    client.destroy();
    while (load.running > 0) await delay(1);
  });

  it('should refuse with Retry-After while stopping, except health', async () => {
    app.get(LoadShedder).stop();
    const refused = await call('/v1/probe/scope');
    expect(refused).toMatchObject({ status: 503, body: { code: 'http.unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await call('/health/ready', { token: null })).status).toBe(503);
    expect((await call('/health/live', { token: null })).status).toBe(200);
  });
});
