import { Inject, Injectable, Logger } from '@nestjs/common';
import { maintainTimeTables } from '../database/time-table-maintenance.js';
import { DATABASE_TOPOLOGY, type DatabaseTopology } from '../database/topology.js';
import type { JobHandle } from './job-map.js';
import { OnJob, Scheduled } from './on-job.js';

declare module './job-map.js' {
  interface JobMap {
    /** partitions ahead, retention and compression of all tenants' time tables */
    'timeseries.maintain': {
      data: Record<string, never>;
      result: { tenants: number; maintained: number; made: number; failed: number };
    };
  }
}

const HOUR = 3_600_000;

/** One scheduler for all tenants. A new tenant is born with its partitions, a missed night costs nothing: there is one interval in hand. */
@Injectable()
export class TimeTablesJob {
  private readonly logger = new Logger('TimeTables');

  constructor(@Inject(DATABASE_TOPOLOGY) private readonly topology: DatabaseTopology) {}

  @OnJob('timeseries.maintain', { queue: 'maintenance', platform: true, attempts: 3, timeout: HOUR })
  @Scheduled({ cron: '40 7 * * *' })
  async maintain(_: Record<string, never>, { signal }: JobHandle) {
    const { tenants, maintained, made, failed } = await maintainTimeTables(this.topology, { signal });
    for (const { schema, error } of failed) this.logger.error(`time tables of ${schema}: ${error}`);
    if (made.length > 0) this.logger.log(`made ${made.join(', ')}`);
    return { tenants, maintained, made: made.length, failed: failed.length };
  }
}
