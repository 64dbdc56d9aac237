import { addIntervals, startOf, type Interval } from './interval.js';
import { identifier, ownRows, type TimeTable, type TimeTablePlace } from './time-table.js';

/** A partition's range [from, to); null = open. */
export interface Range {
  from: Date | null;
  to: Date | null;
}

function bound(at: Date | null, table: TimeTable, open: 'MINVALUE' | 'MAXVALUE'): string {
  if (!at) return open;
  return table.type === 'date' ? `'${at.toISOString().slice(0, 10)}'` : `'${at.toISOString()}'`;
}

/** Name of a partition: the table and the first day; `_history` for the open one before, `_default` for the guard. */
export function partitionName(table: TimeTable, range: Range | 'default'): string {
  if (range === 'default') return identifier(`${table.name}_default`);
  if (!range.from) return identifier(`${table.name}_history`);
  return identifier(`${table.name}_${range.from.toISOString().slice(0, 10).replaceAll('-', '')}`);
}

function bounds(table: TimeTable, range: Range): string {
  return `FOR VALUES FROM (${bound(range.from, table, 'MINVALUE')}) TO (${bound(range.to, table, 'MAXVALUE')})`;
}

/**
 * What a partition needs of its own: neither row-level security nor a statement trigger of the parent works for a statement that
 * names the partition. It gets no grants: tenants have no USAGE on its schema either.
 */
function protect(table: TimeTable, place: TimeTablePlace, name: string): string[] {
  const partition = `${identifier(place.chunks)}.${name}`;
  const own = ownRows(place);
  return [
    `ALTER TABLE ${partition} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${partition} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_isolation_policy ON ${partition} FOR ALL USING (${own}) WITH CHECK (${own})`,
    primeStatistics(place, name),
    ...insertTrigger(table, place, partition),
  ];
}

// one tenant_id in all rows: without statistics the planner takes the row policy for one row in 200 (see after-each-table.sql)
function primeStatistics(place: TimeTablePlace, name: string): string {
  return (
    `DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN PERFORM pg_restore_attribute_stats(` +
    `'schemaname', '${identifier(place.chunks)}'::text, 'relname', '${name}'::text, 'attname', 'tenant_id'::text, 'inherited', false, ` +
    `'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real); END IF; END $$`
  );
}

function insertTrigger(table: TimeTable, place: TimeTablePlace, target: string): string[] {
  if (!table.insertTrigger) return [];
  return [
    `CREATE TRIGGER ${identifier(table.insertTrigger.name)} AFTER INSERT ON ${target} REFERENCING NEW TABLE AS new_rows ` +
      `FOR EACH STATEMENT EXECUTE FUNCTION ${identifier(place.schema)}.${identifier(table.insertTrigger.function)}()`,
  ];
}

/** The ranges a new tenant's table starts with. */
export function initialRanges(table: TimeTable, now: Date): Range[] {
  const present = startOf(now, table.interval);
  const first = addIntervals(present, -table.behind, table.interval);
  const ranges: Range[] = table.history ? [{ from: null, to: first }] : [];
  for (let i = -table.behind; i <= table.ahead; i++) {
    ranges.push({ from: addIntervals(present, i, table.interval), to: addIntervals(present, i + 1, table.interval) });
  }
  return ranges;
}

/** The ranges that are missing until `ahead` intervals after the present one, going on from the last bound that exists. */
export function missingRanges(table: TimeTable, existing: Range[], now: Date, interval: Interval): Range[] {
  const end = addIntervals(startOf(now, interval), table.ahead + 1, interval);
  const last = existing.reduce<Date | null>((max, { to }) => (to && (!max || to > max) ? to : max), null);
  const ranges: Range[] = [];
  let from = last ?? startOf(now, interval);
  while (from < end) {
    // after a change of width the first new partition may be shorter: bounds stay on the calendar
    const to = addIntervals(startOf(from, interval), 1, interval);
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}

/** Adds one partition; the DEFAULT guard must hold no row of its range (see `moveFromDefault`). */
export function addPartition(table: TimeTable, place: TimeTablePlace, range: Range): string[] {
  const name = partitionName(table, range);
  return [
    `CREATE TABLE ${identifier(place.chunks)}.${name} PARTITION OF ${identifier(place.schema)}.${identifier(table.name)} ${bounds(table, range)}`,
    ...protect(table, place, name),
  ];
}

/**
 * Adds a partition whose rows already lie in the DEFAULT guard: they are moved into the new table before it is attached and before
 * it has triggers, so that nothing is counted twice.
 * @param columns columns that are not generated
 */
export function moveFromDefault(table: TimeTable, place: TimeTablePlace, range: Range, columns: string[]): string[] {
  const name = partitionName(table, range);
  const chunks = identifier(place.chunks);
  const partition = `${chunks}.${name}`;
  const guard = `${chunks}.${partitionName(table, 'default')}`;
  const list = columns.map(identifier).join(', ');
  const inside = rangeCondition(table, range);
  return [
    `CREATE TABLE ${partition} (LIKE ${identifier(place.schema)}.${identifier(table.name)} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)`,
    `INSERT INTO ${partition} (${list}) SELECT ${list} FROM ${guard} WHERE ${inside}`,
    `DELETE FROM ${guard} WHERE ${inside}`,
    `ALTER TABLE ${identifier(place.schema)}.${identifier(table.name)} ATTACH PARTITION ${partition} ${bounds(table, range)}`,
    ...protect(table, place, name),
  ];
}

/** The rows of a range, as a condition on the time column. */
export function rangeCondition(table: TimeTable, range: Range): string {
  const column = identifier(table.timeColumn);
  return [
    ...(range.from ? [`${column} >= ${bound(range.from, table, 'MINVALUE')}`] : []),
    ...(range.to ? [`${column} < ${bound(range.to, table, 'MAXVALUE')}`] : []),
  ].join(' AND ');
}

/** Everything after CREATE TABLE ... PARTITION BY RANGE: the first partitions, the guard, the trigger of the parent. */
export function createNative(table: TimeTable, place: TimeTablePlace, now: Date): string[] {
  const guard = partitionName(table, 'default');
  const parent = `${identifier(place.schema)}.${identifier(table.name)}`;
  return [
    ...initialRanges(table, now).flatMap((range) => addPartition(table, place, range)),
    `CREATE TABLE ${identifier(place.chunks)}.${guard} PARTITION OF ${parent} DEFAULT`,
    ...protect(table, place, guard),
    ...insertTrigger(table, place, parent),
  ];
}

/** Drops whole partitions that end at or before `before`, and older rows of the guard. */
export function dropOlderNative(
  table: TimeTable,
  place: TimeTablePlace,
  partitions: (Range & { name: string })[],
  before: Date,
): string[] {
  const chunks = identifier(place.chunks);
  return [
    ...partitions.filter(({ to }) => to && to <= before).map(({ name }) => `DROP TABLE ${chunks}.${identifier(name)}`),
    `DELETE FROM ${chunks}.${partitionName(table, 'default')} WHERE ${rangeCondition(table, { from: null, to: before })}`,
  ];
}
