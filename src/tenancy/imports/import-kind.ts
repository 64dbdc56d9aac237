import type { NumberedRow, RowDefinition } from './parsing/row-definition.js';
import type { RowProblem } from './parsing/problem.js';

/** The six kinds of file, in the order in which a new tenant's files are taken in. */
export const IMPORT_KINDS = ['stores', 'suppliers', 'products', 'calendar', 'stock', 'sales'] as const;
export type ImportKindName = (typeof IMPORT_KINDS)[number];

/** What a room is told with a batch. */
export interface BatchContext {
  readonly importId: string;
  /** true: check only, write nothing. The same checks run, with the same answers. */
  readonly dryRun: boolean;
  /** today in the tenant's time zone, ISO */
  readonly today: string;
  /** the tenant's time zone: a date in a file is a day there */
  readonly timeZone: string;
  /** columns that the file has: a column that is absent leaves the stored value unchanged, a blank field clears it */
  readonly columns: ReadonlySet<string>;
}

/** What became of a batch. Rows with a problem are not written; the others are, unless it was a dry run. */
export interface BatchOutcome {
  /** unknown references and other findings of the database, at most a few a row */
  readonly problems: readonly RowProblem[];
  /** rows inserted or changed */
  readonly written: number;
  /** rows that were there already, as they are in the file */
  readonly unchanged: number;
}

/**
 * One kind of import file, registered by the room that owns its table. The engine streams the file, parses each record with `definition`,
 * and hands over batches, first all of them with `dryRun`, then, when nothing is wrong, again to be written. Each written batch shares
 * ONE transaction with the engine's checkpoint, so after a kill it is either done and counted or not done.
 */
export interface ImportKind<Row = unknown> {
  readonly name: ImportKindName;
  readonly definition: RowDefinition<Row>;
  /** rows with the same key in one file are an error (imports.duplicate_row); null where repeated rows are legal */
  uniqueKey?(row: Row): string | null;
  /** Checks the rows against the database and, unless `dryRun`, writes the good ones with a bounded number of statements. */
  validateAndWriteBatch(rows: readonly NumberedRow<Row>[], batch: BatchContext): Promise<BatchOutcome>;
  /** Called once in the transaction of the last written batch. */
  finish?(batch: BatchContext): Promise<void>;
}
