import { Injectable } from '@nestjs/common';
import { ImportProblemsRepository } from './import-problems.repository.js';
import { MAX_STORED_PROBLEMS, type CheckTally } from './import-record.js';
import { batchesOf, RowReader, withoutBad, type ImportTask } from './import-task.js';
import { ImportsRepository } from './imports.repository.js';
import type { RowProblem } from './parsing/problem.js';

const NOTE_MS = 1000;

/** What a check has found. */
export interface CheckResult extends CheckTally {
  readonly decimal: ',' | '.' | null;
}

/** The first pass: every row of the file is parsed and asked of the database, nothing is written but what is wrong. */
@Injectable()
export class ImportChecker {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly problems: ImportProblemsRepository,
  ) {}

  /** Starts from the top, also after a kill: it is cheap, and problems of an earlier try are forgotten. */
  async check(task: ImportTask, onProgress: (checked: number) => Promise<void>): Promise<CheckResult> {
    const { record, file, signal } = task;
    const reader = new RowReader(task);
    const session = task.kind.begin(task.context);
    const sum = { rows: 0, invalid: 0, problems: 0 };
    let noted = Date.now();
    await this.problems.clear(record.id);
    for await (const batch of batchesOf(file, file.start)) {
      signal.throwIfAborted();
      const read = reader.read(batch);
      const found = [
        ...read.problems,
        ...((await session.checkNames?.(read.broken)) ?? []),
        ...(await session.check(withoutBad(read.rows, read.problems))),
      ];
      await this.note(record.id, found, sum);
      sum.rows += batch.length;
      if (Date.now() - noted < NOTE_MS) continue;
      noted = Date.now();
      const checked = batch.at(-1)?.next.offset ?? 0;
      await this.imports.noteCheck(record.id, { phase: 'checking', checked, decimal: null }, sum);
      await onProgress(checked);
    }
    await this.note(record.id, reader.late(), sum);
    return { ...sum, decimal: reader.decimal };
  }

  private async note(importId: string, found: readonly RowProblem[], sum: { invalid: number; problems: number }): Promise<void> {
    const ordered = found.toSorted((a, b) => a.line - b.line);
    await this.problems.add(importId, ordered.slice(0, Math.max(0, MAX_STORED_PROBLEMS - sum.problems)));
    sum.problems += found.length;
    sum.invalid += new Set(found.map((problem) => problem.line)).size;
  }
}
