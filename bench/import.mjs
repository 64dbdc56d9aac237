/**
 * Files of 100,000 products and their stock through the import engine, against COPY into a temporary table and one upsert from there.
 *
 *   npm run bench -- import [--json] [--products 100000] [--sales 130000]
 *
 * Both sides write the same rows into the same tables, with their indexes and triggers: the baseline as a superuser, without row rules,
 * checks or checkpoints. Sales have no baseline: their target is CPU seconds of application and database.
 */
import { chmodSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';
import { AppModule } from '../dist/app.module.js';
import { writeDemo } from '../dist/demo/demo-files.js';
import { readConfig } from '../dist/kernel/config/config.js';
import { runAsTenant } from '../dist/kernel/database/tenant-context.js';
import { ImportFiles } from '../dist/tenancy/imports/import-files.js';
import { ImportRunner } from '../dist/tenancy/imports/import-runner.js';
import { ImportsRepository } from '../dist/tenancy/imports/imports.repository.js';
import { peakMemory } from './support/cpu.mjs';
import { openBenchDatabase } from './support/database.mjs';
import { reporter } from './support/report.mjs';

const { values: args } = parseArgs({ options: { json: { type: 'boolean' }, products: { type: 'string' } } });
const PRODUCTS = Number(args.products ?? 100_000);
const report = reporter('import', args.json);
const folder = mkdtempSync(path.join(os.tmpdir(), 'flx-bench-import-'));
// the server may run as another user, and COPY reads the files there
chmodSync(folder, 0o755);
const file = (name) => path.join(folder, `${name}.csv`);

async function writeFiles() {
  const write = async (name, header, line, count) => {
    const target = await open(file(name), 'w');
    await target.write(`${header}\n`);
    for (let from = 0; from < count; from += 10_000) {
      const size = Math.min(10_000, count - from);
      await target.write(Array.from({ length: size }, (_, i) => `${line(from + i)}\n`).join(''));
    }
    await target.close();
  };
  await write('stores', 'code,name,type', () => 'S01,Tienda 1,store', 1);
  await write('suppliers', 'code,name,tax_id,lead_time_days', (i) => `P${i},Proveedor ${i},,5`, 50);
  const product = (i) =>
    `SKU-${String(i).padStart(6, '0')},Producto de prueba número ${i},Categoría ${i % 40},P${i % 50},unit,20${String(i).padStart(11, '0')},${(i % 90) + 0.5},${(i % 90) + 1.25},${i % 3 ? 'general' : 'exempt'},5,${i % 30}`;
  const columns = 'sku,name,category,supplier,unit_type,barcode,cost_price,sale_price,tax_category,min_stock_level,reorder_point';
  await write('products', columns, product, PRODUCTS);
  const stock = (i) => `S01,SKU-${String(i).padStart(6, '0')},${30 + (i % 200)},${(i % 90) + 0.5},2026-01-05`;
  await write('stock', 'store,sku,quantity,unit_cost,date', stock, PRODUCTS);
}

/** The same rows by COPY and upsert, as somebody who owns the database would load them by hand. */
const BASELINE = {
  stores: `INSERT INTO stores (tenant_id, code, name, type) SELECT $T, code, name, type FROM line ON CONFLICT (code) DO UPDATE SET name = excluded.name`,
  suppliers: `INSERT INTO suppliers (tenant_id, code, business_name, lead_time_days) SELECT $T, code, name, lead_time_days::int FROM line
    ON CONFLICT (code) DO UPDATE SET business_name = excluded.business_name`,
  products: `WITH made AS (INSERT INTO categories (tenant_id, code, name) SELECT DISTINCT $T, upper(replace(category, ' ', '-')), category FROM line RETURNING id, name)
    INSERT INTO products (tenant_id, sku, name, category_id, supplier_id, unit_type, barcode, cost_price, selling_price, tax_category_id, min_stock_level, reorder_point)
    SELECT $T, l.sku, l.name, m.id, u.id, l.unit_type, l.barcode, l.cost_price::numeric, l.sale_price::numeric, t.id, l.min_stock_level::numeric, l.reorder_point::numeric
      FROM line l JOIN made m ON m.name = l.category JOIN suppliers u ON u.code = l.supplier JOIN tax_categories t ON t.code = l.tax_category
        ON CONFLICT (sku, tenant_id) DO UPDATE SET name = excluded.name, selling_price = excluded.selling_price`,
  stock: `INSERT INTO inventory_movements (tenant_id, product_id, store_id, movement_type, kind, reference_type, quantity, cost_per_unit, allow_negative, created_at)
    SELECT $T, p.id, s.id, 'adjustment', 'opening', 'opening', l.quantity::numeric, l.unit_cost::numeric, true, l.date::date
      FROM line l JOIN products p ON p.sku = l.sku JOIN stores s ON s.code = l.store`,
};

async function copyAndUpsert({ root }, { id, schema }) {
  await root.query(`SET search_path = ${schema}, ext; SET app.current_tenant_id = '${id}'`);
  for (const [name, upsert] of Object.entries(BASELINE)) {
    const header = (await (await open(file(name))).read({ buffer: Buffer.alloc(300) })).buffer.toString().split('\n', 1)[0];
    await root.query(
      `CREATE TEMP TABLE line (${header
        .split(',')
        .map((column) => `${column} text`)
        .join(', ')})`,
    );
    await root.query(`COPY line FROM '${file(name)}' (FORMAT csv, HEADER)`);
    await root.query('ANALYZE line');
    await root.query(upsert.replaceAll('$T', `'${id}'::uuid`));
    await root.query('DROP TABLE line');
    await root.query(`ANALYZE ${name === 'stock' ? 'inventory' : name}`);
  }
  await root.query('RESET search_path; RESET app.current_tenant_id');
}

const ACTOR = { user: null, role: null, stores: null, via: 'job:import.run' };

async function takeIn(app, tenant, kinds, from) {
  const [files, imports, runner] = [ImportFiles, ImportsRepository, ImportRunner].map((type) => app.get(type, { strict: false }));
  for (const kind of kinds) {
    await runAsTenant(tenant, ACTOR, async () => {
      const content = createReadStream(path.join(from, `${kind}.csv`));
      const { importId, ...stored } = await files.store({ field: 'file', name: `${kind}.csv`, type: 'text/csv', content });
      await imports.queue(importId, { kind, dryRun: false, partial: false, ...stored });
      const job = { signal: new AbortController().signal, attempt: 1, attempts: 1, updateProgress: async () => undefined };
      const { status, problems } = await runner.run(importId, job);
      if (status !== 'completed') throw new Error(`${kind} ended as ${status} with ${problems} problems`);
    });
  }
}

/** CPU seconds of this process and of the database's during `work`. */
async function measured(database, work) {
  const before = database.cpu();
  const own = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(own);
  return { app: (user + system) / 1e6, database: (database.cpu() - before) / 1e6 };
}

await writeFiles();
const database = await openBenchDatabase({ tenants: 3 });
try {
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'error', NODE_ENV: 'test' });
  const [ours, bare, demo] = database.tenants;
  const plain = await measured(database, () => copyAndUpsert(database, bare));
  const app = await NestFactory.createApplicationContext(AppModule.of(readConfig(), database.topology), { logger: ['error'] });
  const startMemory = peakMemory(process.pid);
  const engine = await measured(database, () => takeIn(app, ours, Object.keys(BASELINE), folder));
  const total = ({ app: application, database: server }) => application + server;
  report.note(
    `engine: application ${engine.app.toFixed(1)} s, database ${engine.database.toFixed(1)} s; COPY: database ${plain.database.toFixed(1)} s`,
  );
  const n = PRODUCTS;
  report.line({
    metric: 'products and stock, CPU',
    value: total(engine),
    unit: 's',
    n,
    baseline: 'COPY and upsert',
    baselineValue: total(plain),
    target: 3,
  });
  report.line({ metric: 'peak memory', value: peakMemory(process.pid) / 1e6, unit: 'MB', n });
  report.line({
    metric: 'memory above the start',
    value: (peakMemory(process.pid) - startMemory) / 1e6,
    unit: 'MB',
    n,
    target: 256,
    judge: 'value',
  });

  await writeDemo(path.join(folder, 'demo'), { today: new Date().toISOString().slice(0, 10) });
  await takeIn(app, demo, ['stores', 'suppliers', 'products', 'calendar', 'stock'], path.join(folder, 'demo'));
  const sales = await measured(database, () => takeIn(app, demo, ['sales'], path.join(folder, 'demo')));
  report.note(`sales: application ${sales.app.toFixed(1)} s, database ${sales.database.toFixed(1)} s`);
  report.line({ metric: 'two years of sales, CPU', value: total(sales), unit: 's', n: 132_000, target: 12, judge: 'value' });
  await app.close();
} finally {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = report.code;
