import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { DailyForEachTenant, OnJob } from '../../kernel/jobs/on-job.js';
import { ImportRunner, type ImportResult } from './import-runner.js';
import { ImportsRepository } from './imports.repository.js';

declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** takes an uploaded file in, or goes on where a killed run left it */
    'import.run': { data: { importId: string }; result: ImportResult };
    /** forgets uploads that never ended, goes on with imports that nobody works on */
    'import.sweep': { data: { day: string }; result: { removed: number; resumed: number } };
  }
}

/** A file of millions of lines takes long, and loses nothing when it is stopped. */
const TIMEOUT_MS = 6 * 3_600_000;

@Injectable()
export class ImportJob {
  constructor(
    private readonly runner: ImportRunner,
    private readonly imports: ImportsRepository,
    private readonly jobs: JobQueue,
  ) {}

  @OnJob('import.run', { queue: 'imports', concurrency: 2, timeout: TIMEOUT_MS })
  run({ importId }: { importId: string }, job: JobHandle): Promise<ImportResult> {
    return this.runner.run(importId, job);
  }

  @OnJob('import.sweep', { queue: 'maintenance' })
  @DailyForEachTenant('03:40')
  async sweep(): Promise<{ removed: number; resumed: number }> {
    const stalled = await this.imports.stalled();
    for (const importId of stalled) await this.jobs.add('import.run', { importId });
    return { removed: await this.imports.discardStale(), resumed: stalled.length };
  }
}
