import { Injectable } from '@nestjs/common';
import { runAsTenant, tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { localDateOf } from '../../kernel/time/zone.js';
import { ImportFiles } from './import-files.js';
import { ImportKinds } from './import-kinds.js';
import { ImportPasses } from './import-passes.js';
import { ImportProblemsRepository } from './import-problems.repository.js';
import { MAX_STORED_PROBLEMS, type ImportRecord } from './import-record.js';
import type { ImportTask } from './import-task.js';
import { TakenOverError } from './import-writer.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportFileError, type RowProblem } from './parsing/problem.js';

/** How an import ended. */
export interface ImportResult {
  readonly status: string;
  readonly rows: number;
  readonly problems: number;
}

type Job = Pick<JobHandle, 'signal' | 'updateProgress' | 'attempt' | 'attempts'>;

/** SQLSTATE class 22 or 23: the same rows would be refused again. */
function isDataError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^2[23]/.test(code);
}

/** Takes one import through its two passes, whoever worked on it before. */
@Injectable()
export class ImportRunner {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly imports: ImportsRepository,
    private readonly problems: ImportProblemsRepository,
    private readonly kinds: ImportKinds,
    private readonly files: ImportFiles,
    private readonly passes: ImportPasses,
  ) {}

  async run(importId: string, job: Job): Promise<ImportResult> {
    const record = await this.imports.start(importId);
    if (!record) return this.result(importId);
    const { tenant, actor } = tenantScope();
    // what is written is the uploader's doing, by way of this job
    await runAsTenant(tenant, { ...actor, user: record.createdBy }, () => this.work(record, job));
    return this.result(importId);
  }

  private async work(record: ImportRecord, job: Job): Promise<void> {
    try {
      const task = await this.open(record, job.signal);
      const ready = await this.passes.checked(task, job);
      if (!ready) return;
      await this.passes.written({ ...task, record: ready }, job);
      await this.unit.transaction(async () => {
        await this.kinds.finished(record.kind, task.context);
        await this.imports.finish(record.id, 'completed', null);
      });
      await this.imports.refreshStatistics();
    } catch (error) {
      if (error instanceof TakenOverError) return;
      if (error instanceof ImportFileError) return this.refuse(record, error.problems);
      if ((job.attempt >= job.attempts || isDataError(error)) && !job.signal.aborted)
        await this.imports.finish(record.id, 'failed', { code: 'imports.interrupted' });
      throw error;
    }
  }

  private async open(record: ImportRecord, signal: AbortSignal): Promise<ImportTask> {
    const { tenant } = tenantScope();
    const kind = this.kinds.find(record.kind);
    if (!kind) throw new Error(`no room has registered import kind ${record.kind}`);
    const file = await this.files.open(record.id, kind.definition.columns);
    const { timezone: timeZone, currency } = tenant.settings;
    const columns = new Set(file.header.index.keys());
    const context = { importId: record.id, today: localDateOf(new Date(), timeZone), timeZone, currency, columns };
    return { record, kind, file, context, signal };
  }

  /** The file, or rows that had passed the check, cannot be taken in. */
  private async refuse(record: ImportRecord, problems: readonly RowProblem[]): Promise<void> {
    await this.unit.transaction(async () => {
      await this.problems.add(record.id, problems.slice(0, MAX_STORED_PROBLEMS));
      await this.imports.noteProblems(record.id, problems.length);
      const started = (await this.imports.find(record.id))?.state?.phase === 'writing';
      await this.imports.finish(record.id, 'failed', { code: started ? 'imports.bad_rows' : 'imports.unreadable_file' });
    });
  }

  private async result(importId: string): Promise<ImportResult> {
    const record = await this.imports.find(importId);
    return { status: record?.status ?? 'cancelled', rows: record?.rowsTotal ?? 0, problems: record?.problemCount ?? 0 };
  }
}
