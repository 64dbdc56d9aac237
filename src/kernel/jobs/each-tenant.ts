import { Logger } from '@nestjs/common';
import { runAsTenant, type TenantRef } from '../database/tenant-context.js';
import type { JobHandle, JobName } from './job-map.js';
import type { TenantDirectory } from './tenant-directory.js';

const logger = new Logger('Jobs');

/**
 * Does a platform job's work in every active tenant, one after the other. A tenant that fails holds up none of those behind it.
 * @throws at the end when some have failed, so that the job counts as failed; why is in the log
 */
export async function eachTenant(
  tenants: TenantDirectory,
  name: JobName,
  work: (tenant: TenantRef) => Promise<void>,
  job?: Pick<JobHandle, 'signal'>,
): Promise<void> {
  const failed: string[] = [];
  for await (const tenant of tenants.active()) {
    job?.signal.throwIfAborted();
    try {
      await runAsTenant(tenant, { user: null, role: null, stores: null, via: `job:${name}` }, () => work(tenant));
    } catch (error) {
      failed.push(tenant.slug);
      logger.error(`job ${name}, tenant ${tenant.slug}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
    }
  }
  if (failed.length > 0) throw new Error(`tenants that failed: ${failed.length}, ${failed.slice(0, 10).join(', ')}`);
}
