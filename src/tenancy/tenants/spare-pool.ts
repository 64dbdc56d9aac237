import { Injectable } from '@nestjs/common';
import { TenantFactory } from '../../kernel/database/tenant-factory.js';
import { OnJob, Scheduled } from '../../kernel/jobs/on-job.js';

declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** keeps finished schemas waiting, so that a sign-up is a rename */
    'tenants.spares': { data: Record<string, never>; result: { built: number } };
  }
}

const WAITING = 3;
/** by the clock and not from the start on: a first start has better things to do */
const EVERY_TEN_MINUTES = '7-57/10 * * * *';

/** The pool of schemas that wait for a sign-up. */
@Injectable()
export class SparePool {
  constructor(private readonly factory: TenantFactory) {}

  @OnJob('tenants.spares', { queue: 'maintenance', platform: true, attempts: 1 })
  @Scheduled({ cron: EVERY_TEN_MINUTES })
  async topUp(): Promise<{ built: number }> {
    return { built: await this.factory.topUpSpares(WAITING) };
  }
}
