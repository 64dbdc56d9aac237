import type { ImportKindName } from './import-kind.js';

export const IMPORT_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** What a resumed run needs beside the position. */
export interface ImportState {
  readonly phase: 'checking' | 'writing';
  /** bytes looked at by the check */
  readonly checked: number;
  /** decimal sign that the file uses, once known */
  readonly decimal: ',' | '.' | null;
}

/** An import as it is stored. */
export interface ImportRecord {
  readonly id: string;
  readonly kind: ImportKindName;
  readonly fileName: string;
  readonly format: 'csv' | 'xlsx';
  readonly fileSize: number;
  readonly dryRun: boolean;
  /** bad rows are left out instead of stopping the file */
  readonly partial: boolean;
  readonly status: ImportStatus;
  readonly rowsTotal: number;
  readonly rowsValid: number;
  readonly rowsInvalid: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsUnchanged: number;
  readonly problemCount: number;
  /** checkpoint: everything before it is written */
  readonly bytesDone: number;
  readonly linesDone: number;
  readonly state: ImportState | null;
  readonly error: { readonly code: string; readonly detail?: string } | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly updatedAt: Date;
}

/** What a check has found, or how far it is. */
export interface CheckTally {
  readonly rows: number;
  readonly invalid: number;
  readonly problems: number;
}

/** Problems that are stored of one import; all are counted. */
export const MAX_STORED_PROBLEMS = 10_000;
