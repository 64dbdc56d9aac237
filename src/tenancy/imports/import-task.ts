import type { ImportContext, ImportKind } from './import-kind.js';
import type { ImportRecord } from './import-record.js';
import { DecimalStyle } from './parsing/decimal.js';
import type { FilePosition, SourceRecord } from './parsing/csv-reader.js';
import type { RowContext } from './parsing/fields.js';
import type { ImportFile } from './parsing/import-file.js';
import { rowProblem, type RowProblem } from './parsing/problem.js';
import type { NumberedRow, ParsedRecord } from './parsing/row-definition.js';
import { SeenKeys } from './seen-keys.js';

/** Rows of one batch: large enough that statements are few, small enough that a kill repeats little. */
export const BATCH_ROWS = 4_000;

/** Everything a run needs of its import. */
export interface ImportTask {
  readonly record: ImportRecord;
  readonly kind: ImportKind;
  readonly file: ImportFile;
  readonly context: ImportContext;
  /** aborted when the process stops: the batch at hand is finished */
  readonly signal: AbortSignal;
}

/** Records in batches of BATCH_ROWS, whatever the pieces in which the file is read. */
export async function* batchesOf(file: ImportFile, from: FilePosition): AsyncGenerator<SourceRecord[]> {
  let batch: SourceRecord[] = [];
  for await (const piece of file.records(from)) {
    for (const record of piece) {
      batch.push(record);
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** What reading a batch gave. */
export interface ReadBatch {
  readonly rows: NumberedRow<unknown>[];
  readonly problems: RowProblem[];
  /** of the rows with problems: the fields that are right */
  readonly broken: NumberedRow<object>[];
}

/** Turns records into rows, and notices keys that stand in the file twice. One pass over one file. */
export class RowReader {
  private readonly parse: (record: SourceRecord) => ParsedRecord<unknown>;
  private readonly context: RowContext;
  private readonly seen = new SeenKeys();

  constructor(private readonly task: ImportTask) {
    this.context = { today: task.context.today, decimals: new DecimalStyle(task.record.state?.decimal ?? null) };
    this.parse = task.kind.definition.bind(task.file.header, this.context);
  }

  /** The decimal sign that the file has shown so far. */
  get decimal(): ',' | '.' | null {
    return this.context.decimals.decimal;
  }

  read(records: readonly SourceRecord[]): ReadBatch {
    const rows: NumberedRow<unknown>[] = [];
    const problems: RowProblem[] = [];
    const broken: NumberedRow<object>[] = [];
    for (const record of records) {
      const { line } = record;
      const parsed = this.parse(record);
      const found = parsed.problems ?? this.repeated(line, parsed.row);
      problems.push(...found);
      if (parsed.problems) broken.push({ line, row: parsed.read ?? {} });
      else if (found.length > 0) broken.push({ line, row: Object(parsed.row) });
      else rows.push({ line, row: parsed.row });
    }
    return { rows, problems, broken };
  }

  /** Problems of rows that were passed before the file had shown its decimal sign. */
  late(): RowProblem[] {
    const params = { decimal: this.decimal ?? '' };
    return this.context.decimals
      .takeContradicted()
      .map(({ line, field, value }) => rowProblem(line, field, 'imports.ambiguous_number', value, params));
  }

  private repeated(line: number, row: unknown): RowProblem[] {
    const keys = this.task.kind.uniqueKeys?.(row) ?? [];
    return keys.flatMap(({ field, key }) => {
      const first = this.seen.add(`${field ?? ''} ${key}`, line);
      return first === null ? [] : [rowProblem(line, field, 'imports.duplicate_row', key, { first })];
    });
  }
}

/** Rows without those that a problem names. */
export function withoutBad(
  rows: readonly NumberedRow<unknown>[],
  problems: readonly RowProblem[],
): readonly NumberedRow<unknown>[] {
  if (problems.length === 0) return rows;
  const bad = new Set(problems.map((problem) => problem.line));
  return rows.filter((row) => !bad.has(row.line));
}
