import { Inject, Injectable } from '@nestjs/common';
import { IdempotencyRepository } from '../../kernel/http/idempotency.repository.js';
import { RegistryIdempotencyRepository } from '../../kernel/http/registry-idempotency.repository.js';
import { eachTenant } from '../../kernel/jobs/each-tenant.js';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { OnJob, Scheduled } from '../../kernel/jobs/on-job.js';
import { TENANT_DIRECTORY, type TenantDirectory } from '../../kernel/jobs/tenant-directory.js';
import { SessionRepository } from './session.repository.js';

declare module '../../kernel/jobs/job-map.js' {
  interface JobMap {
    /** forgets expired refresh tokens and idempotency keys */
    'sessions.sweep': { data: Record<string, never>; result: { removed: number } };
  }
}

const HOUR = 3_600_000;
const BATCH = 1000;

/** Removes what has expired, in small statements: it never holds more than a thousand rows. */
@Injectable()
export class SessionSweep {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly registryKeys: RegistryIdempotencyRepository,
    private readonly keys: IdempotencyRepository,
    @Inject(TENANT_DIRECTORY) private readonly tenants: TenantDirectory,
  ) {}

  @Scheduled({ every: HOUR })
  @OnJob('sessions.sweep', { queue: 'maintenance', platform: true, attempts: 1 })
  async sweep(_?: Record<string, never>, job?: JobHandle): Promise<{ removed: number }> {
    let removed = await drain(() => this.sessions.dropExpired(BATCH));
    await this.registryKeys.dropExpired();
    const sweepOne = async () => {
      removed += await drain(() => this.keys.dropExpired(BATCH));
    };
    await eachTenant(this.tenants, 'sessions.sweep', sweepOne, job);
    return { removed };
  }
}

async function drain(dropSome: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (let last = BATCH; last === BATCH; removed += last) last = await dropSome();
  return removed;
}
