import { Injectable } from '@nestjs/common';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { ImportChecker } from './import-checker.js';
import type { ImportRecord } from './import-record.js';
import type { ImportTask } from './import-task.js';
import { ImportWriter } from './import-writer.js';
import { ImportsRepository } from './imports.repository.js';

type Job = Pick<JobHandle, 'updateProgress'>;

/** The two passes with their places in the row and their progress. */
@Injectable()
export class ImportPasses {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly checker: ImportChecker,
    private readonly writer: ImportWriter,
  ) {}

  /** @returns the import when its rows are to be written now; null when it has ended with the check */
  async checked(task: ImportTask, job: Job): Promise<ImportRecord | null> {
    const { record, file } = task;
    if (record.state?.phase === 'writing') return record;
    const size = file.format === 'csv' ? record.fileSize : 0;
    const tally = await this.checker.check(task, (checked) =>
      job.updateProgress({ phase: 'checking', percent: size > 0 ? Math.floor((checked / size) * 100) : 0 }),
    );
    const refused = tally.problems > 0 && !record.partial;
    const state = { phase: 'writing', checked: record.fileSize, decimal: tally.decimal } as const;
    await this.imports.noteCheck(record.id, refused || record.dryRun ? { ...state, phase: 'checking' } : state, tally);
    if (!refused && !record.dryRun) return this.imports.find(record.id);
    if (record.dryRun) await this.imports.finish(record.id, 'completed', null);
    else await this.imports.finish(record.id, 'failed', { code: 'imports.bad_rows' });
    return null;
  }

  async written(task: ImportTask, job: Job): Promise<void> {
    const total = Math.max(1, task.record.rowsTotal);
    let rows = task.record.rowsInserted + task.record.rowsUpdated + task.record.rowsUnchanged;
    let noted = Date.now();
    await this.writer.write(task, async (written) => {
      rows += written;
      if (Date.now() - noted < 1000) return;
      noted = Date.now();
      await job.updateProgress({ phase: 'writing', percent: Math.min(100, Math.floor((rows / total) * 100)) });
    });
  }
}
