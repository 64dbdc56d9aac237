/** A half-open span of time [from, to). */
export interface Span {
  from: Date;
  to: Date;
}

export interface BoundCondition {
  sql: string;
  values: [Date, Date];
}

/**
 * Condition on a time column. Every query over a time table carries one: without it each partition or chunk is opened.
 * @param column qualified name, e.g. `m.created_at`
 * @param first number of the first of its two parameters
 */
export function windowCondition(column: string, span: Span, first: number): BoundCondition {
  if (span.from >= span.to) throw new RangeError('an empty window of time');
  return { sql: `${column} >= $${first} AND ${column} < $${first + 1}`, values: [span.from, span.to] };
}

const HOUR = 3_600_000;

/**
 * The span in which to look for the row of a version 7 id, so that one partition is opened: the id carries the business time, or the
 * moment of writing while the time defaults to the start of the transaction. Undefined for another version, which no row has.
 */
export function spanOfId(id: string): Span | undefined {
  const found = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.exec(id);
  if (!found) return undefined;
  const at = Number.parseInt(`${found[1]}${found[2]}`, 16);
  return { from: new Date(at - HOUR), to: new Date(at + HOUR) };
}
