import {
  addPartition,
  createNative,
  dropOlderNative,
  initialRanges,
  missingRanges,
  moveFromDefault,
  partitionName,
} from './native.js';
import { parseBound } from './time-series.js';
import type { TimeTable } from './time-table.js';

const place = { id: '01890000-0000-7000-8000-000000000001', schema: 'tenant_a', chunks: 'tenant_a_chunks' };
const movements: TimeTable = {
  name: 'inventory_movements',
  timeColumn: 'created_at',
  type: 'timestamptz',
  interval: '1 year',
  ahead: 1,
  behind: 1,
  history: true,
  retention: null,
  insertTrigger: { name: 'inventory_movement_trigger', function: 'apply_inventory_movements' },
};
const forecasts: TimeTable = {
  ...movements,
  name: 'forecasts',
  timeColumn: 'forecast_date',
  type: 'date',
  history: false,
  insertTrigger: null,
};
const now = new Date('2026-05-17T10:00:00Z');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe('native partitions', () => {
  it('should start with one open partition for the past, then whole years around the present', () => {
    expect(initialRanges(movements, now)).toEqual([
      { from: null, to: day('2025-01-01') },
      { from: day('2025-01-01'), to: day('2026-01-01') },
      { from: day('2026-01-01'), to: day('2027-01-01') },
      { from: day('2027-01-01'), to: day('2028-01-01') },
    ]);
    expect(initialRanges(forecasts, now)).toHaveLength(3);
  });

  it('should give every partition forced row-level security and its own copy of the trigger, and no grant', () => {
    const sql = addPartition(movements, place, { from: day('2026-01-01'), to: day('2027-01-01') });
    expect(sql[0]).toBe(
      `CREATE TABLE tenant_a_chunks.inventory_movements_20260101 PARTITION OF tenant_a.inventory_movements ` +
        `FOR VALUES FROM ('2026-01-01T00:00:00.000Z') TO ('2027-01-01T00:00:00.000Z')`,
    );
    expect(sql).toContain('ALTER TABLE tenant_a_chunks.inventory_movements_20260101 FORCE ROW LEVEL SECURITY');
    expect(sql.find((line) => line.startsWith('CREATE POLICY'))).toContain(`WITH CHECK (tenant_id = '${place.id}')`);
    expect(sql.at(-1)).toBe(
      'CREATE TRIGGER inventory_movement_trigger AFTER INSERT ON tenant_a_chunks.inventory_movements_20260101 ' +
        'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tenant_a.apply_inventory_movements()',
    );
    expect(sql.join('\n')).not.toContain('GRANT');
  });

  it('should guard with a DEFAULT partition and put the trigger on the parent too', () => {
    const sql = createNative(movements, place, now);
    expect(sql).toContain(
      'CREATE TABLE tenant_a_chunks.inventory_movements_default PARTITION OF tenant_a.inventory_movements DEFAULT',
    );
    expect(sql.filter((line) => line.startsWith('CREATE TRIGGER'))).toHaveLength(6);
    expect(sql.at(-1)).toContain('AFTER INSERT ON tenant_a.inventory_movements ');
    expect(createNative(forecasts, place, now).join('\n')).not.toContain('TRIGGER');
  });

  it('should bound a table of dates by dates', () => {
    expect(addPartition(forecasts, place, { from: day('2026-01-01'), to: day('2027-01-01') })[0]).toContain(
      `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
    );
  });

  it('should go on from the last bound, also with a narrower width', () => {
    const existing = initialRanges(movements, now);
    expect(missingRanges(movements, existing, now, '1 year')).toEqual([]);
    expect(missingRanges(movements, existing, day('2027-12-31'), '1 year')).toEqual([
      { from: day('2028-01-01'), to: day('2029-01-01') },
    ]);
    expect(missingRanges(movements, existing, day('2027-12-31'), '1 month')).toEqual([
      { from: day('2028-01-01'), to: day('2028-02-01') },
    ]);
  });

  it('should keep to the calendar when the width changes to weeks in the middle of one', () => {
    // 1 January 2028 is a Saturday
    expect(missingRanges(movements, initialRanges(movements, now), day('2028-01-01'), '1 week')).toEqual([
      { from: day('2028-01-01'), to: day('2028-01-03') },
      { from: day('2028-01-03'), to: day('2028-01-10') },
    ]);
  });

  it('should move guarded rows before the new partition has a trigger', () => {
    const sql = moveFromDefault(movements, place, { from: day('2028-01-01'), to: day('2029-01-01') }, ['id', 'created_at']);
    const at = (start: string) => sql.findIndex((line) => line.startsWith(start));
    expect(sql[1]).toBe(
      'INSERT INTO tenant_a_chunks.inventory_movements_20280101 (id, created_at) SELECT id, created_at FROM tenant_a_chunks.inventory_movements_default ' +
        `WHERE created_at >= '2028-01-01T00:00:00.000Z' AND created_at < '2029-01-01T00:00:00.000Z'`,
    );
    expect(at('DELETE')).toBeGreaterThan(at('INSERT'));
    expect(at('ALTER TABLE tenant_a.inventory_movements ATTACH')).toBeGreaterThan(at('DELETE'));
    expect(at('CREATE TRIGGER')).toBeGreaterThan(at('ALTER TABLE tenant_a.inventory_movements ATTACH'));
  });

  it('should drop only partitions that end in time, and old rows of the guard', () => {
    const partitions = initialRanges(movements, now).map((range) => ({ ...range, name: partitionName(movements, range) }));
    expect(dropOlderNative(movements, place, partitions, day('2026-06-01'))).toEqual([
      'DROP TABLE tenant_a_chunks.inventory_movements_history',
      'DROP TABLE tenant_a_chunks.inventory_movements_20250101',
      `DELETE FROM tenant_a_chunks.inventory_movements_default WHERE created_at < '2026-06-01T00:00:00.000Z'`,
    ]);
  });

  it('should refuse a name that is no identifier', () => {
    expect(() => addPartition(movements, { ...place, schema: 'a; DROP TABLE b' }, { from: null, to: now })).toThrow(
      'not an identifier',
    );
  });

  it.each([
    [`FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')`, day('2026-01-01'), day('2027-01-01')],
    [`FOR VALUES FROM ('2025-12-31 20:00:00-04') TO ('2027-01-01 05:30:00+05:30')`, day('2026-01-01'), day('2027-01-01')],
    [`FOR VALUES FROM (MINVALUE) TO ('2027-01-01')`, null, day('2027-01-01')],
  ])('should read the bound %s', (text, from, to) => {
    expect(parseBound(text)).toEqual({ from, to });
  });

  it('should refuse a bound it does not know', () => {
    expect(() => parseBound('FOR VALUES IN (1)')).toThrow('unexpected partition bound');
  });
});
