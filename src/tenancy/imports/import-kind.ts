import type { RowProblem } from './parsing/problem.js';
import type { NumberedRow, RowDefinition } from './parsing/row-definition.js';

/** The six kinds of file, in the order in which a new tenant's files are taken in. */
export const IMPORT_KINDS = ['stores', 'suppliers', 'products', 'calendar', 'stock', 'sales'] as const;
export type ImportKindName = (typeof IMPORT_KINDS)[number];

/** What a room is told of the import whose rows it gets. */
export interface ImportContext {
  readonly importId: string;
  /** today in the tenant's time zone, ISO */
  readonly today: string;
  /** the tenant's time zone: a date in a file is a day there */
  readonly timeZone: string;
  readonly currency: string;
  /** columns that the file has: one that is absent leaves the stored value unchanged, a blank field clears it */
  readonly columns: ReadonlySet<string>;
}

/** What became of a batch of rows, counted in rows. */
export interface WriteOutcome {
  readonly inserted: number;
  readonly updated: number;
  /** were there already, as they are in the file */
  readonly unchanged: number;
}

/** A value that no two rows of one file may share. */
export interface UniqueKey {
  /** the column to blame; null: the whole line */
  readonly field: string | null;
  readonly key: string;
}

/** One pass over one file. It may remember what it has looked up; it is thrown away when a batch is rolled back. */
export interface ImportSession<Row> {
  /** What the database has against rows: unknown references, values that are taken. Asks a bounded number of statements a batch. */
  check(rows: readonly NumberedRow<Row>[]): Promise<readonly RowProblem[]>;
  /**
   * The same for rows of which some fields are wrong and therefore absent, so that one run tells all that is wrong with a line: asked of what
   * the other fields name. Absent where rows name nothing.
   */
  checkNames?(rows: readonly NumberedRow<Partial<Row>>[]): Promise<readonly RowProblem[]>;
  /** Writes rows that `check` has just passed, inside the engine's transaction, with a bounded number of statements. */
  write(rows: readonly NumberedRow<Row>[]): Promise<WriteOutcome>;
}

/**
 * One kind of import file, registered by the room that owns its tables. The engine streams the file twice: first every row is parsed and
 * checked, then the rows are written in batches. A batch shares ONE transaction with the engine's checkpoint, so that after a kill it is
 * either written and counted or neither.
 */
export interface ImportKind<Row = unknown> {
  readonly name: ImportKindName;
  readonly definition: RowDefinition<Row>;
  /** keys of a row that may stand in a file once (imports.duplicate_row); absent where rows may repeat */
  uniqueKeys?(row: Row): readonly UniqueKey[];
  begin(context: ImportContext): ImportSession<Row>;
}
