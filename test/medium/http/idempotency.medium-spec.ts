import { Body, Controller, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../../src/app.js';
import { AuthModule } from '../../../src/kernel/auth/auth.module.js';
import { Permission, Public } from '../../../src/kernel/auth/auth.decorators.js';
import { AUTHENTICATOR, type Authenticator, type Principal } from '../../../src/kernel/auth/authenticator.js';
import { permissionsOf } from '../../../src/kernel/auth/permissions.js';
import { Config } from '../../../src/kernel/config/config.js';
import { ConfigModule } from '../../../src/kernel/config/config.module.js';
import { currentScope } from '../../../src/kernel/database/tenant-context.js';
import { laneConnection, withClient } from '../../../src/kernel/database/topology.js';
import { RegistryDatabase } from '../../../src/kernel/database/registry-database.js';
import { UnitOfWork } from '../../../src/kernel/database/unit-of-work.js';
import { registerConstraints } from '../../../src/kernel/errors/constraints.js';
import { ProblemError } from '../../../src/kernel/errors/problem-error.js';
import { Code } from '../../../src/kernel/http/fields.js';
import { HttpModule } from '../../../src/kernel/http/http.module.js';
import { IdempotencyRepository } from '../../../src/kernel/http/idempotency.repository.js';
import { IdempotentPost, SealedAnswer } from '../../../src/kernel/http/operations.js';
import { RegistryIdempotencyRepository } from '../../../src/kernel/http/registry-idempotency.repository.js';
import { AppLogger } from '../../../src/kernel/logging/logger.js';
import { TelemetryModule } from '../../../src/kernel/telemetry/telemetry.module.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

class StoreDto {
  @Code(50) code: string;
}

registerConstraints({ stores_code_key: { code: 'catalog.code_taken', pointer: '/code' } });

@Controller('probe/stores')
class StoresProbe {
  constructor(private readonly unit: UnitOfWork) {}

  @Permission('catalog.write')
  @IdempotentPost()
  async createStore(@Body() { code }: StoreDto): Promise<object> {
    const [row] = await this.unit.query<{ id: string }>('INSERT INTO stores (code, name) VALUES ($1, $1) RETURNING id', [code]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (code.startsWith('late')) throw new ProblemError('http.conflict');
    return { id: row?.id, code };
  }
}

/** Makes a plan as sign-up makes a tenant: in a transaction of its own, in which the answer is noted. */
@Controller('probe/plans')
class PlansProbe {
  /** what happens before the commit and after it */
  static before = async (): Promise<void> => undefined;
  static after = async (): Promise<void> => undefined;

  @Public()
  @IdempotentPost()
  createPlan(@Body() { code }: StoreDto): Promise<object> {
    return PlansProbe.make(code);
  }

  @Public()
  @IdempotentPost('sealed')
  @SealedAnswer()
  createSealedPlan(@Body() { code }: StoreDto): Promise<object> {
    return PlansProbe.make(code);
  }

  private static async make(code: string): Promise<object> {
    const body = { code, secret: `flxk_${code}` };
    await withClient(laneConnection(db.topology, 'owner'), async (client) => {
      await client.query('BEGIN');
      await client.query('INSERT INTO shared.plans VALUES ($1, $1, 1, 1, 1)', [code]);
      await PlansProbe.before();
      await currentScope()?.noteAnswer?.(client, body);
      await client.query('COMMIT');
    });
    await PlansProbe.after();
    return body;
  }
}

let db: MediumDatabase;
let registry: RegistryDatabase;
let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  db = await openMediumDatabase('http_idempotency');
  registry = new RegistryDatabase(db.topology, 2);
  const authenticator: Authenticator = {
    authenticate: (credential): Principal => ({
      tenantId: credential,
      userId: '0190a5b0-0000-7000-8000-000000000001',
      role: 'admin',
      stores: null,
      permissions: permissionsOf('admin'),
      via: 'http',
      expiresAt: Date.now() + 60_000,
    }),
    tenant: (id) => [db.acme, db.beta].find((tenant) => tenant.id === id),
  };
  const config = Object.assign(new Config(), { DATA_DIR: `/tmp/fluxion-medium-http-${process.pid}`, RATE_LIMITS: false });
  @Module({ imports: [ConfigModule.of(config), TelemetryModule, AuthModule, HttpModule], controllers: [StoresProbe, PlansProbe] })
  class ProbeModule {}
  const providers = [
    { provide: UnitOfWork, useValue: db.unit },
    { provide: RegistryDatabase, useValue: registry },
    { provide: AUTHENTICATOR, useValue: authenticator },
  ];
  const module = { module: ProbeModule, providers, global: true, exports: [UnitOfWork, RegistryDatabase] };
  app = await createApp({ config, module, logger: new AppLogger({ level: 'silent', json: true }) });
  await app.listen(0, '127.0.0.1');
  base = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await registry.end();
  await db.close();
});

async function create(code: string, key?: string, tenant = db.acme) {
  const response = await fetch(`${base}/v1/probe/stores`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenant.id}`,
      'content-type': 'application/json',
      ...(key ? { 'idempotency-key': key } : {}),
    },
    body: JSON.stringify({ code }),
  });
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    body: (await response.json()) as Record<string, unknown>,
  };
}

const count = async (code: string) => {
  const { rows } = await db.root.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${db.acme.schema}.stores WHERE code = $1`, [
    code,
  ]);
  return rows[0]?.n;
};

describe('a creating POST with Idempotency-Key', () => {
  it('should create once when 20 copies arrive at once, and answer every later one alike', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => create('once', 'k-once')));
    expect(await count('once')).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const [first] = answers.filter(({ status }) => status === 201);
    expect(await create('once', 'k-once')).toEqual({ status: 201, replayed: 'true', body: first?.body });
  });

  it('should note nothing of a failure: neither the row nor the key stays', async () => {
    expect((await create('late-1', 'k-late')).status).toBe(409);
    expect(await count('late-1')).toBe(0);
    expect((await create('early-1', 'k-late')).status).toBe(201);
  });

  it('should refuse another body and know the key of another tenant as another key', async () => {
    await create('first', 'k-other');
    expect(await create('second', 'k-other')).toMatchObject({ status: 422, body: { code: 'http.idempotency_mismatch' } });
    expect(await create('second', 'k-other', db.beta)).toMatchObject({ status: 201, replayed: null });
  });

  it('should answer a broken constraint by field, with and without key', async () => {
    await create('taken');
    for (const key of [undefined, 'k-taken']) {
      expect(await create('taken', key)).toMatchObject({
        status: 409,
        body: { code: 'catalog.code_taken', errors: [{ pointer: '/code', code: 'field.taken' }] },
      });
    }
  });

  it('should sweep expired keys only', async () => {
    await create('swept', 'k-swept');
    await db.root.query(
      `UPDATE ${db.acme.schema}.idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = 'k-swept'`,
    );
    const sut = new IdempotencyRepository(db.unit);
    expect(await db.as(db.acme, () => sut.dropExpired(100))).toBe(1);
    expect(await db.as(db.acme, () => sut.dropExpired(100))).toBe(0);
  });
});

describe('keys before there is a tenant', () => {
  const answer = { requestHash: 'h', statusCode: 201, headers: {}, body: { id: 1 } };

  it('should be claimed by one of many, completed once, and found', async () => {
    const sut = new RegistryIdempotencyRepository(registry);
    const claims = await Promise.all(Array.from({ length: 10 }, () => sut.claim('signUp', 'k1', 'h')));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await sut.find('signUp', 'k1')).toMatchObject({ statusCode: null });
    await sut.complete('signUp', 'k1', answer);
    expect(await sut.find('signUp', 'k1')).toEqual(answer);
    await sut.release('signUp', 'k1');
    expect(await sut.claim('signUp', 'k1', 'h')).toBe(false);
  });

  it('should be free again when released, abandoned or expired', async () => {
    const sut = new RegistryIdempotencyRepository(registry);
    const age = (column: string) =>
      db.root.query(`UPDATE shared.idempotency_keys SET ${column} = now() - interval '3 minutes' WHERE key = 'k2'`);
    await sut.claim('signUp', 'k2', 'h');
    await sut.release('signUp', 'k2');
    expect(await sut.claim('signUp', 'k2', 'h')).toBe(true);
    await age('created_at');
    expect(await sut.claim('signUp', 'k2', 'h')).toBe(true);
    await sut.complete('signUp', 'k2', answer);
    await age('expires_at');
    expect(await sut.claim('signUp', 'k2', 'other')).toBe(true);
    await age('expires_at');
    await sut.dropExpired();
    expect(await sut.find('signUp', 'k2')).toBeUndefined();
  });
});

describe('work before there is a tenant that notes its answer beside it', () => {
  const make = async (code: string, key: string, path = '') => {
    const response = await fetch(`${base}/v1/probe/plans${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ code }),
    });
    return {
      status: response.status,
      replayed: response.headers.get('idempotency-replayed'),
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const plans = async (code: string) => (await db.root.query('SELECT FROM shared.plans WHERE code = $1', [code])).rowCount;
  const fail = () => Promise.reject(new Error('what a test makes fail'));

  afterEach(() => {
    PlansProbe.before = PlansProbe.after = async () => undefined;
  });

  it('should answer a repeated request although the first one failed after its commit', async () => {
    PlansProbe.after = fail;
    expect((await make('after', 'k-after')).status).toBe(500);
    PlansProbe.after = async () => undefined;
    const replay = { status: 201, replayed: 'true', body: { code: 'after', secret: 'flxk_after' } };
    expect(await make('after', 'k-after')).toEqual(replay);
    expect(await make('other', 'k-after')).toMatchObject({ status: 422, body: { code: 'http.idempotency_mismatch' } });
    expect(await plans('other')).toBe(0);
  });

  it('should keep a secret of the answer encrypted', async () => {
    PlansProbe.after = fail;
    expect((await make('sealed', 'k-sealed', '/sealed')).status).toBe(500);
    const { rows } = await db.root.query(`SELECT response_body FROM shared.idempotency_keys WHERE key = 'k-sealed'`);
    expect(rows).toEqual([{ response_body: { sealed: expect.any(String) } }]);
    expect(await make('sealed', 'k-sealed', '/sealed')).toMatchObject({ status: 201, body: { secret: 'flxk_sealed' } });
  });

  it('should note nothing of work that fails before its commit', async () => {
    PlansProbe.before = fail;
    expect((await make('before', 'k-before')).status).toBe(500);
    expect(await plans('before')).toBe(0);
    PlansProbe.before = async () => undefined;
    expect(await make('before', 'k-before')).toMatchObject({ status: 201, replayed: null });
    expect(await plans('before')).toBe(1);
  });

  it('should not do the work of a request whose key another one took over', async () => {
    PlansProbe.before = async () => {
      await db.root.query(`UPDATE shared.idempotency_keys SET request_hash = 'of another' WHERE key = 'k-slow'`);
    };
    expect(await make('slow', 'k-slow')).toMatchObject({ status: 409, body: { code: 'http.idempotency_in_progress' } });
    expect(await plans('slow')).toBe(0);
  });
});
