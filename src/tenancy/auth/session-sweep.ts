import { Inject, Injectable } from '@nestjs/common';
import { runAsTenant } from '../../kernel/database/tenant-context.js';
import { IdempotencyRepository } from '../../kernel/http/idempotency.repository.js';
import { RegistryIdempotencyRepository } from '../../kernel/http/registry-idempotency.repository.js';
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
const ACTOR = { user: null, role: null, stores: null, via: 'job:sessions.sweep' };

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
  async sweep(): Promise<{ removed: number }> {
    let removed = await drain(() => this.sessions.dropExpired(BATCH));
    await this.registryKeys.dropExpired();
    for await (const tenant of this.tenants.active()) {
      removed += await runAsTenant(tenant, ACTOR, () => drain(() => this.keys.dropExpired(BATCH)));
    }
    return { removed };
  }
}

async function drain(dropSome: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (let last = BATCH; last === BATCH; removed += last) last = await dropSome();
  return removed;
}
