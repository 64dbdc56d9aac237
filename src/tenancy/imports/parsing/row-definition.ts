import { Refusal, type FieldSpec, type RowContext } from './fields.js';
import type { ColumnSpec, Header } from './header.js';
import type { SourceRecord } from './csv-reader.js';
import { rowProblem, type RowProblem } from './problem.js';

/** The row that a set of field specs gives. */
export type RowOf<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends FieldSpec<infer T> ? T : never };

/** A typed row with the line it came from. */
export interface NumberedRow<Row> {
  readonly line: number;
  readonly row: Row;
}

/** A record read: a row, or everything that is wrong with it and the fields that are right; none of a line that is no row at all. */
export type ParsedRecord<Row> =
  | { readonly row: Row; readonly problems: null }
  | { readonly row: null; readonly problems: readonly RowProblem[]; readonly read?: Readonly<Partial<Row>> };

/** How the rows of one kind of file are read. */
export interface RowDefinition<Row> {
  readonly columns: readonly ColumnSpec[];
  /** Binds the columns to their places in a file once; the returned function reads its records, each to a row or to ALL its problems. */
  bind(header: Header, context: RowContext): (record: SourceRecord) => ParsedRecord<Row>;
}

/** A rule between fields of one row, checked when each field is right. */
export type RowRule<Row> = (row: Row, refuse: (field: keyof Row & string, refusal: Refusal) => void) => void;

interface BoundField {
  readonly name: string;
  readonly at: number;
  readonly spec: FieldSpec<unknown>;
}

/** Defines a kind of row by its columns. Columns are snake_case in files and keep that name in the row. */
export function defineRow<Fields extends Record<string, FieldSpec<unknown>>>(
  fields: Fields,
  rule?: RowRule<RowOf<Fields>>,
): RowDefinition<RowOf<Fields>> {
  const specs = Object.entries(fields);
  return {
    columns: specs.map(([name, spec]) => ({ name, aliases: spec.aliases, required: spec.required })),
    bind: (header, context) => {
      const bound = specs.map(([name, spec]): BoundField => ({ name, spec, at: header.index.get(name) ?? -1 }));
      return (record) => readRecord(record, { bound, width: header.width, context }, rule);
    },
  };
}

interface Binding {
  readonly bound: readonly BoundField[];
  readonly width: number;
  readonly context: RowContext;
}

function readRecord<Row>(record: SourceRecord, binding: Binding, rule: RowRule<Row> | undefined): ParsedRecord<Row> {
  const { line, fields, bad } = record;
  if (bad) return wrong(rowProblem(line, null, bad.code, bad.value, bad.limit === undefined ? {} : { limit: bad.limit }));
  if (!fitsWidth(fields, binding.width)) {
    const params = { actual: fields.length, expected: binding.width };
    return wrong(rowProblem(line, null, 'imports.field_count', fields.join(' | '), params));
  }
  const problems: RowProblem[] = [];
  const row: Record<string, unknown> = {};
  for (const { name, at, spec } of binding.bound) {
    const text = at < 0 ? '' : (fields[at] ?? '').trim();
    if (text === '') {
      if (spec.required) problems.push(rowProblem(line, name, 'imports.required'));
      row[name] = null;
      continue;
    }
    const value = spec.read(text, binding.context, { line, field: name });
    if (value instanceof Refusal) problems.push(rowProblem(line, name, value.problem, text, value.params));
    else row[name] = value;
  }
  // the loop above has filled every field of Row, each by its own spec
  const typed = row as Row;
  if (problems.length === 0 && rule) {
    rule(typed, (field, refusal) => {
      const at = binding.bound.find((column) => column.name === field)?.at ?? -1;
      problems.push(rowProblem(line, field, refusal.problem, fields[at] ?? null, refusal.params));
    });
  }
  return problems.length > 0 ? { row: null, problems, read: typed } : { row: typed, problems: null };
}

/** Nothing of the line can be told apart. */
const wrong = <Row>(problem: RowProblem): ParsedRecord<Row> => ({ row: null, problems: [problem] });

/** As many fields as titles; blank ones may follow, as spreadsheets write them. */
function fitsWidth(fields: readonly string[], width: number): boolean {
  if (fields.length === width) return true;
  return fields.length > width && fields.slice(width).every((field) => field.trim() === '');
}
