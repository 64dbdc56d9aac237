import type { RowProblem } from './problem.js';

/** Rows that travel from the worker thread at once; the next batch is sent when it is asked for. */
export const ROWS_A_MESSAGE = 2_000;

/** What the worker thread answers. */
export type XlsxMessage =
  | { readonly kind: 'rows'; readonly first: number; readonly rows: readonly string[][]; readonly last: boolean }
  | { readonly kind: 'refused'; readonly problems: readonly RowProblem[] };
