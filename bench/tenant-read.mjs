/**
 * One indexed read through the data layer (one flight: role, row rules, settings) against the same read without any of it, by hand and with TypeORM.
 *
 *   npm run bench -- tenant-read [--json] [--rounds 40] [--tenants 20]
 *
 * The bare reads go as the owner to the tenant's schema by name, in the same process over a pool of the same size, without row rules.
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { parseArgs } from 'node:util';
import { openDataSource } from '../dist/kernel/database/data-source.js';
import { SnakeNamingStrategy } from '../dist/kernel/database/naming-strategy.js';
import { runAsTenant } from '../dist/kernel/database/tenant-context.js';
import { TenantPool } from '../dist/kernel/database/tenant-pool.js';
import { UnitOfWork } from '../dist/kernel/database/unit-of-work.js';
import { Product } from '../dist/inventory/products/product.entity.js';
import { contest } from './support/contest.mjs';
import { cpuOfProcess } from './support/cpu.mjs';
import { fillProducts, openBenchDatabase } from './support/database.mjs';
import { reporter } from './support/report.mjs';

const { values: args } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string' }, tenants: { type: 'string' } },
});
const rounds = Number(args.rounds ?? 40);
const POOL = 8;
const COLUMNS = `id, sku, barcode, name, description, category_id, supplier_id, unit_type, reorder_point, cost_price, selling_price,
  is_active, created_at, updated_at`;
const PRODUCTS = 500;
const ACTOR = { user: null, role: 'manager', stores: null, via: 'http', request: 'bench', ip: '127.0.0.1', agent: 'bench' };

const report = reporter('tenant-read', args.json);
const database = await openBenchDatabase({ tenants: Number(args.tenants ?? 20) });
try {
  report.note(`${database.tenants.length} tenants with ${PRODUCTS} products each, ${POOL} connections, ${POOL} readers`);
  const ids = new Map();
  for (const tenant of database.tenants) ids.set(tenant.id, await fillProducts(database.root, tenant, PRODUCTS));
  const any = (list) => list[Math.floor(Math.random() * list.length)];
  const onAny = (work) => () => {
    const tenant = any(database.tenants);
    return work(tenant, any(ids.get(tenant.id)));
  };

  const pool = new TenantPool({ connection: database.topology.tenant, max: POOL, maxPerTenant: POOL });
  const dataSource = await openDataSource(pool);
  const unit = new UnitOfWork(pool, dataSource);
  const bare = new pg.Pool({ connectionString: database.url, max: POOL });
  const bareSources = new Map();
  // TypeORM binds a schema at start: without our data layer each tenant has a data source of its own, here over one pool
  for (const { id, schema } of database.tenants) bareSources.set(id, await openBareSource(schema, bare));

  const inTenant = (work) => onAny((tenant, id) => runAsTenant(tenant, ACTOR, () => work(id)));
  const checked = async (rows) => {
    if ((await rows).length !== 1) throw new Error('the read did not find its row');
  };
  const results = await contest(
    {
      'bare pg query': {
        run: onAny(async ({ schema }, id) =>
          checked((await bare.query(`SELECT ${COLUMNS} FROM ${schema}.products WHERE id = $1`, [id])).rows),
        ),
      },
      'unit of work': { run: inTenant((id) => checked(unit.query(`SELECT ${COLUMNS} FROM products WHERE id = $1`, [id]))) },
      'unit of work, named': {
        run: inTenant((id) => checked(unit.query(`SELECT ${COLUMNS} FROM products WHERE id = $1`, [id], 'bench_product'))),
      },
      'bare TypeORM find': {
        run: onAny((tenant, id) => checked(bareSources.get(tenant.id).getRepository(Product).find({ where: { id } }))),
      },
      'tenant TypeORM find': { run: inTenant((id) => checked(unit.repository(Product).find({ where: { id } }))) },
    },
    { rounds, sliceMs: 200, concurrency: POOL, db: database.cpu, app: () => cpuOfProcess(process.pid) },
  );
  const line = (metric, name, against, target) =>
    report.line({ metric, unit: 'reads/s', ...results.compare(name, against, 'perSecond'), better: 'higher', target });
  const cpu = (metric, name, against) =>
    report.line({ metric, unit: 'us CPU (app + database)', ...results.compare(name, against, 'totalUs') });
  line('indexed read, throughput', 'unit of work', 'bare pg query', 0.75);
  cpu('indexed read, CPU', 'unit of work', 'bare pg query');
  line('indexed read by a named statement, throughput', 'unit of work, named', 'bare pg query', null);
  line('TypeORM find, throughput', 'tenant TypeORM find', 'bare TypeORM find', 0.8);
  cpu('TypeORM find, CPU', 'tenant TypeORM find', 'bare TypeORM find');
  await dataSource.destroy();
  await pool.end();
  await bare.end();
  process.exitCode = report.code;
} finally {
  await database.stop();
}

/** TypeORM as its manual shows it for one schema, on a pool that all of them share. */
async function openBareSource(schema, pool) {
  class Shared {
    on() {}
    connect(connected) {
      pool.connect(connected);
    }
    end(ended) {
      ended();
    }
  }
  const source = new DataSource({
    type: 'postgres',
    driver: { ...pg, Pool: Shared, defaults: pg.defaults, types: pg.types },
    schema,
    entities: [Product],
    namingStrategy: new SnakeNamingStrategy(),
    installExtensions: false,
  });
  return source.initialize();
}
