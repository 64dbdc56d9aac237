import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { ImportSession, WriteOutcome } from './import-kind.js';
import { batchesOf, RowReader, withoutBad, type ImportTask } from './import-task.js';
import { ImportsRepository } from './imports.repository.js';
import type { SourceRecord } from './parsing/csv-reader.js';
import { ImportFileError } from './parsing/problem.js';
import type { NumberedRow } from './parsing/row-definition.js';

/** Another run has moved the checkpoint: this one has nothing more to do. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';
}

/** A batch that met another writer is done again: unique key, serialization, deadlock, lock. */
const CONFLICTS = new Set(['23505', '40001', '40P01', '55P03']);
const MAX_TRIES = 5;
const NOTHING: WriteOutcome = { inserted: 0, updated: 0, unchanged: 0 };

interface Batch {
  readonly rows: readonly NumberedRow<unknown>[];
  readonly from: number;
  readonly to: { readonly bytes: number; readonly line: number };
}

/** The second pass: writes the rows from the checkpoint on, a batch and its checkpoint in one transaction. */
@Injectable()
export class ImportWriter {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly imports: ImportsRepository,
  ) {}

  /**
   * @throws ImportFileError when rows that had passed the check no longer do (somebody removed what they refer to); what is written stays
   * @throws TakenOverError when another worker goes on with this import
   */
  async write(task: ImportTask, onProgress: (rows: number) => Promise<void>): Promise<void> {
    const { record, file, signal } = task;
    const reader = new RowReader(task);
    // repeated keys are known by the rows before them, so a run that leaves bad rows out reads these again
    const start = record.bytesDone > 0 && !record.partial ? { offset: record.bytesDone, line: record.linesDone } : file.start;
    let session = task.kind.begin(task.context);
    let at = record.bytesDone;
    let isFirst = true;
    for await (const batch of batchesOf(file, start)) {
      signal.throwIfAborted();
      const { rows, problems } = reader.read(batch);
      const next = batch.at(-1)?.next;
      if (!next || next.offset <= record.bytesDone) continue;
      if (problems.length > 0 && !record.partial) throw new ImportFileError(problems);
      const pending = withoutBad(afterCheckpoint(rows, batch, record.bytesDone), problems);
      session = await this.writeBatch(task, session, { rows: pending, from: at, to: { bytes: next.offset, line: next.line } });
      at = next.offset;
      if (isFirst) await this.imports.refreshStatistics();
      isFirst = false;
      await onProgress(batch.length);
    }
  }

  /** @returns the session to go on with: a new one when what it remembered was rolled back */
  private async writeBatch(task: ImportTask, session: ImportSession<unknown>, batch: Batch): Promise<ImportSession<unknown>> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.unit.transaction(() => this.writeRows(task, session, batch));
        return session;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        if (attempt >= MAX_TRIES || typeof code !== 'string' || !CONFLICTS.has(code)) throw error;
        session = task.kind.begin(task.context);
        await delay(attempt * 50);
      }
    }
  }

  private async writeRows({ record }: ImportTask, session: ImportSession<unknown>, { rows, from, to }: Batch): Promise<void> {
    const problems = await session.check(rows);
    if (problems.length > 0 && !record.partial) throw new ImportFileError(problems);
    const good = withoutBad(rows, problems);
    const outcome = good.length > 0 ? await session.write(good) : NOTHING;
    if (!(await this.imports.checkpoint(record.id, from, to, outcome)))
      throw new TakenOverError(`import ${record.id} goes on elsewhere`);
  }
}

/** A batch that is read again from the top may straddle the checkpoint: its rows before it are written already. */
function afterCheckpoint(
  rows: readonly NumberedRow<unknown>[],
  records: readonly SourceRecord[],
  checkpoint: number,
): readonly NumberedRow<unknown>[] {
  const lastDone = records.findLast((record) => record.next.offset <= checkpoint);
  return lastDone ? rows.filter((row) => row.line > lastDone.line) : rows;
}
