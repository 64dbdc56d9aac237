import { Injectable } from '@nestjs/common';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { ImportKinds } from '../../tenancy/index.js';

/** Has the open alerts assessed again once an import is committed that changes what they stand on. */
@Injectable()
export class AlertImports {
  constructor(kinds: ImportKinds, jobs: JobQueue) {
    for (const kind of ['stores', 'suppliers', 'products', 'stock', 'sales', 'calendar'] as const)
      kinds.after(kind, async () => void (await jobs.add('alerts.refresh', {})));
  }
}
