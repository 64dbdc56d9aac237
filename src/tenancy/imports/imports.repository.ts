import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { WriteOutcome, ImportKindName } from './import-kind.js';
import type { CheckTally, ImportRecord, ImportState, ImportStatus } from './import-record.js';

const COLUMNS = `id, kind, file_name AS "fileName", format, file_size::float8 AS "fileSize", dry_run AS "dryRun",
  coalesce((options ->> 'partial')::boolean, false) AS partial, status,
  rows_total::float8 AS "rowsTotal", rows_valid::float8 AS "rowsValid", rows_invalid::float8 AS "rowsInvalid",
  rows_inserted::float8 AS "rowsInserted", rows_updated::float8 AS "rowsUpdated", rows_unchanged::float8 AS "rowsUnchanged",
  problem_count::float8 AS "problemCount", bytes_done::float8 AS "bytesDone", lines_done::float8 AS "linesDone",
  parser_state AS state, error, created_by AS "createdBy", created_at AS "createdAt", started_at AS "startedAt",
  finished_at AS "finishedAt", updated_at AS "updatedAt"`;

export interface ImportFilter {
  readonly kind?: ImportKindName;
  readonly status?: ImportStatus;
  readonly beforeId?: string;
  readonly limit: number;
}

/** What is known of an upload once its last byte is in. */
export interface UploadedImport {
  readonly kind: ImportKindName;
  readonly format: 'csv' | 'xlsx';
  readonly size: number;
  readonly sha256: string;
  readonly dryRun: boolean;
  readonly partial: boolean;
}

@Injectable()
export class ImportsRepository {
  constructor(private readonly unit: UnitOfWork) {}

  /** A row for a file that is still travelling; its kind may come after it, so it is a placeholder until `queue`. */
  async open(fileName: string): Promise<string> {
    const [row] = await this.unit.query<{ id: string }>(
      `INSERT INTO imports (kind, file_name, format, status) VALUES ('sales', $1, 'csv', 'uploading') RETURNING id`,
      [fileName],
    );
    if (!row) throw new Error('an import was not created');
    return row.id;
  }

  async addChunk(id: string, position: number, content: Buffer): Promise<void> {
    await this.unit.execute(`INSERT INTO import_chunks (import_id, position, content) VALUES ($1, $2, $3)`, [
      id,
      position,
      content,
    ]);
  }

  async chunk(id: string, position: number): Promise<Buffer | null> {
    const [row] = await this.unit.query<{ content: Buffer }>(
      `SELECT content FROM import_chunks WHERE import_id = $1 AND position = $2`,
      [id, position],
    );
    return row?.content ?? null;
  }

  /** The import that is taking this very file in now, in the same way. One that has ended says nothing: data have changed since. */
  async findRunning({ kind, sha256, partial }: Pick<UploadedImport, 'kind' | 'sha256' | 'partial'>): Promise<string | null> {
    const [row] = await this.unit.query<{ id: string }>(
      `SELECT id FROM imports WHERE kind = $1 AND content_sha256 = $2 AND NOT dry_run AND status IN ('queued', 'running')
          AND coalesce((options ->> 'partial')::boolean, false) = $3`,
      [kind, sha256, partial],
    );
    return row?.id ?? null;
  }

  /** Hands an upload over to the worker. Fails on imports_content_key when the same file is being taken in. */
  async queue(id: string, upload: UploadedImport): Promise<void> {
    await this.unit.execute(
      `UPDATE imports SET status = 'queued', kind = $2, format = $3, file_size = $4, content_sha256 = $5, dry_run = $6,
              options = jsonb_build_object('partial', $7::boolean), job_id = id::text
        WHERE id = $1 AND status = 'uploading'`,
      [id, upload.kind, upload.format, upload.size, upload.sha256, upload.dryRun, upload.partial],
    );
  }

  /** Forgets an upload and its bytes. */
  async discard(id: string): Promise<void> {
    await this.unit.execute(`DELETE FROM imports WHERE id = $1 AND status = 'uploading'`, [id]);
  }

  /** Imports that nobody has worked on for a while: their job was lost or gave up while the database was away. */
  async stalled(): Promise<string[]> {
    const rows = await this.unit.query<{ id: string }>(
      `SELECT id FROM imports WHERE status IN ('queued', 'running') AND updated_at < now() - interval '15 minutes'`,
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets uploads that never ended. @returns how many */
  async discardStale(): Promise<number> {
    const { rowCount } = await this.unit.execute(
      `DELETE FROM imports WHERE status = 'uploading' AND created_at < now() - interval '1 day'`,
    );
    return rowCount ?? 0;
  }

  async find(id: string): Promise<ImportRecord | null> {
    const [row] = await this.unit.query<ImportRecord>(
      `SELECT ${COLUMNS} FROM imports WHERE id = $1 AND status <> 'uploading'`,
      [id],
      'imports.find',
    );
    return row ?? null;
  }

  /** Newest first: ids are ordered by time. */
  list({ kind, status, beforeId, limit }: ImportFilter): Promise<ImportRecord[]> {
    return this.unit.query<ImportRecord>(
      `SELECT ${COLUMNS} FROM imports
        WHERE status <> 'uploading' AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4`,
      [kind ?? null, status ?? null, beforeId ?? null, limit],
    );
  }

  /** Takes an import up, for the first time or again; null when it has ended or was never queued. */
  async start(id: string): Promise<ImportRecord | null> {
    const [row] = await this.unit.query<ImportRecord>(
      `UPDATE imports SET status = 'running', started_at = coalesce(started_at, now()) WHERE id = $1 AND status IN ('queued', 'running')
       RETURNING ${COLUMNS}`,
      [id],
    );
    return row ?? null;
  }

  /** How far the check is, and what it has found. */
  async noteCheck(id: string, state: ImportState, tally: CheckTally): Promise<void> {
    await this.unit.execute(
      `UPDATE imports SET parser_state = $2, rows_total = $3, rows_valid = $3::bigint - $4::bigint, rows_invalid = $4, problem_count = $5
        WHERE id = $1 AND status = 'running'`,
      [id, JSON.stringify(state), tally.rows, tally.invalid, tally.problems],
    );
  }

  /**
   * Moves the checkpoint, in the transaction of the rows that it covers.
   * @returns false when it is no longer where this run left it: another run has taken the import over
   */
  async checkpoint(id: string, from: number, to: { bytes: number; line: number }, outcome: WriteOutcome): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE imports SET bytes_done = $3, lines_done = $4, rows_inserted = rows_inserted + $5, rows_updated = rows_updated + $6,
              rows_unchanged = rows_unchanged + $7
        WHERE id = $1 AND bytes_done = $2 AND status = 'running'`,
      [id, from, to.bytes, to.line, outcome.inserted, outcome.updated, outcome.unchanged],
      'imports.checkpoint',
    );
    return rowCount === 1;
  }

  /** Problems found outside the check: the file cannot be read, or rows that had passed no longer do. */
  async noteProblems(id: string, problems: number): Promise<void> {
    await this.unit.execute(`UPDATE imports SET problem_count = problem_count + $2 WHERE id = $1`, [id, problems]);
  }

  /** Ends an import and, in the same statement, forgets its file: a kill leaves both or none. @returns false when it had ended already */
  async finish(id: string, status: 'completed' | 'failed', error: ImportRecord['error']): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `WITH forgotten AS (DELETE FROM import_chunks WHERE import_id = $1)
       UPDATE imports SET status = $2, error = $3, finished_at = clock_timestamp() WHERE id = $1 AND status = 'running'`,
      [id, status, error && JSON.stringify(error)],
    );
    return rowCount === 1;
  }

  /** Statistics of tables that had none, once the first rows are in: plans for a full table, not for an empty one. */
  async refreshStatistics(): Promise<void> {
    await this.unit.execute(`SELECT refresh_statistics()`);
  }
}
