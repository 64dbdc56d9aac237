import { Logger } from '@nestjs/common';
import type { TenantRef } from '../../../src/kernel/database/tenant-context.js';
import type { UnitOfWork } from '../../../src/kernel/database/unit-of-work.js';
import type { TenantDirectory } from '../../../src/kernel/jobs/tenant-directory.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

/** A prepared database whose two tenants have a table `causes` of their own. */
export interface QueueLab extends Pick<MediumDatabase, 'url' | 'topology' | 'root' | 'as' | 'close'> {
  a: TenantRef;
  b: TenantRef;
  work: UnitOfWork;
  directory: TenantDirectory;
}

export async function openQueueLab(name: string): Promise<QueueLab> {
  Logger.overrideLogger(false); // failures are what many of these tests are about
  const database = await openMediumDatabase(`jobs_${name}`);
  const { acme: a, beta: b, unit: work } = database;
  for (const { schema, role } of [a, b]) {
    await database.root.query(
      `CREATE TABLE ${schema}.causes (id uuid PRIMARY KEY); GRANT SELECT, INSERT ON ${schema}.causes TO ${role}`,
    );
  }
  const tenants = new Map([a, b].map((tenant) => [tenant.id, tenant]));
  const directory: TenantDirectory = {
    byId: (id) => Promise.resolve(tenants.get(id)),
    bySlug: (slug) => Promise.resolve([a, b].find((tenant) => tenant.slug === slug)),
    active: async function* () {
      yield* tenants.values();
    },
  };
  return { ...database, a, b, work, directory };
}
