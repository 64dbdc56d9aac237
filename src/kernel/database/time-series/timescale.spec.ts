import type { SqlClient } from './engine.js';
import { detectEngine } from './engine.js';
import { TimeSeries } from './time-series.js';
import { forEngine, loadTimeTables } from './time-table.js';
import { compressChunks, createHypertable, dropChunks, enableCompression } from './timescale.js';

const place = { id: '01890000-0000-7000-8000-000000000001', schema: 'tenant_a', chunks: 'tenant_a_chunks' };
const tables = await loadTimeTables();
const table = (name: string) => tables.find((one) => one.name === name)!;
const tsl = { engine: 'timescaledb-tsl', version: '2.29.2', schema: 'public' } as const;

/** Records what it is asked; answers with `rows`. */
function recorder(rows: object[] = []): SqlClient & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    query: (sql: string) => {
      asked.push(sql);
      return Promise.resolve({ rows });
    },
  };
}

describe('hypertables', () => {
  it('should keep chunks in the schema of the tenant and make no index of their own', () => {
    expect(createHypertable(table('inventory_movements'), place, 'public')).toEqual([
      `SELECT public.create_hypertable('tenant_a.inventory_movements'::regclass, 'created_at'::name, chunk_time_interval => interval '1 year', ` +
        `associated_schema_name => 'tenant_a_chunks', associated_table_prefix => 'inventory_movements', create_default_indexes => false)`,
      'CREATE TRIGGER inventory_movement_trigger AFTER INSERT ON tenant_a.inventory_movements ' +
        'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tenant_a.apply_inventory_movements()',
    ]);
  });

  it('should drop by the type of the time column', () => {
    const before = new Date('2025-04-01T00:00:00Z');
    expect(dropChunks(table('forecasts'), place, 'public', before)[0]).toContain(`older_than => date '2025-04-01'`);
    expect(dropChunks(table('events'), place, 'public', before)[0]).toContain(
      `older_than => timestamptz '2025-04-01T00:00:00.000Z'`,
    );
  });

  it('should put a CHECK on the tenant in place before row-level security goes, and only then compress', () => {
    const sql = enableCompression(table('events'), place);
    expect(sql[0]).toBe(`ALTER TABLE tenant_a.events ADD CONSTRAINT tenant_only_check CHECK (tenant_id = '${place.id}')`);
    expect(sql.findIndex((line) => line.endsWith('DISABLE ROW LEVEL SECURITY'))).toBeLessThan(
      sql.findIndex((line) => line.includes('timescaledb.compress')),
    );
    expect(sql.at(-1)).toContain(`timescaledb.compress_segmentby = '', timescaledb.compress_orderby = 'created_at DESC'`);
    expect(compressChunks(table('events'), place, 'public', new Date('2025-04-01T00:00:00Z'))[0]).toContain(
      'if_not_compressed => true',
    );
    expect(() => enableCompression(table('events'), { ...place, id: `x' OR true` })).toThrow('not a tenant id');
  });
});

describe('the verbs', () => {
  it('should compress only with the licence that allows it, and only large chunks', async () => {
    const small = recorder([{ largest: 99_999, prepared: false }]);
    const large = recorder([{ largest: 100_000, prepared: false }]);
    const ready = recorder([{ largest: 100_000, prepared: true }]);
    await expect(new TimeSeries(tsl, tables).compressOlder(small, place, 'events')).resolves.toBe(false);
    await expect(
      new TimeSeries({ ...tsl, engine: 'timescaledb-apache' }, tables).compressOlder(large, place, 'events'),
    ).resolves.toBe(false);
    expect(large.asked).toEqual([]);
    await expect(
      new TimeSeries(tsl, tables).compressOlder(large, place, 'events', undefined, new Date('2026-05-17T00:00:00Z')),
    ).resolves.toBe(true);
    expect(large.asked.at(-1)).toContain(`older_than => timestamptz '2026-01-01T00:00:00.000Z'`);
    await new TimeSeries(tsl, tables).compressOlder(ready, place, 'events');
    expect(ready.asked).toHaveLength(2);
  });

  it('should never drop movements: a level is their sum', async () => {
    const client = recorder();
    await expect(new TimeSeries(tsl, tables).dropOlder(client, place, 'inventory_movements', new Date())).rejects.toThrow(
      'is kept',
    );
    expect(client.asked).toEqual([]);
  });

  it('should make chunks by need and only set their width', async () => {
    const client = recorder();
    await expect(new TimeSeries(tsl, tables).ensureAhead(client, place, 'events', '1 month')).resolves.toEqual([]);
    expect(client.asked).toEqual([`SELECT public.set_chunk_time_interval('tenant_a.events'::regclass, interval '1 month')`]);
  });

  it('should refuse a table that is none of time', () => {
    expect(() => new TimeSeries(tsl, tables).table('products')).toThrow('products is no time table');
  });
});

describe('the template', () => {
  const sql = 'CREATE TABLE events (a int) /* partition by range (created_at) */;';
  it('should be partitioned by PostgreSQL only where nothing else does', () => {
    expect(forEngine(sql, 'native')).toBe('CREATE TABLE events (a int) PARTITION BY RANGE (created_at);');
    expect(forEngine(sql, 'timescaledb-apache')).toBe(sql);
  });

  it('should take an extension whose library is not loaded for none', async () => {
    await expect(detectEngine(recorder([{ engine: 'native', version: '2.19.3', schema: 'public' }]))).resolves.toEqual({
      engine: 'native',
      version: null,
      schema: null,
    });
    await expect(detectEngine(recorder([tsl]))).resolves.toEqual(tsl);
  });
});
