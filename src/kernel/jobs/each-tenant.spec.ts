import { Logger } from '@nestjs/common';
import { tenantScope, type TenantRef } from '../database/tenant-context.js';
import { eachTenant } from './each-tenant.js';
import type { TenantDirectory } from './tenant-directory.js';

const tenants = ['acme', 'beta', 'gamma'].map((slug) => ({ slug, settings: { locale: 'es' } }) as TenantRef);
const directory = {
  active: async function* () {
    yield* tenants;
  },
} as unknown as TenantDirectory;

describe('eachTenant', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('should do the work in the scope of every tenant', async () => {
    const seen: string[] = [];
    await eachTenant(directory, 'jobs.sweep', async ({ slug }) => {
      const { tenant, actor } = tenantScope();
      seen.push(`${slug} ${tenant.slug} ${actor.via}`);
    });
    expect(seen).toEqual(['acme acme job:jobs.sweep', 'beta beta job:jobs.sweep', 'gamma gamma job:jobs.sweep']);
  });

  it('should go on behind a tenant that fails, and fail at the end', async () => {
    const done: string[] = [];
    const sut = eachTenant(directory, 'jobs.sweep', async ({ slug }) => {
      if (slug === 'acme') throw new Error('broken');
      done.push(slug);
    });
    await expect(sut).rejects.toThrow('tenants that failed: 1, acme');
    expect(done).toEqual(['beta', 'gamma']);
  });

  it('should stop between two tenants when its time is up', async () => {
    const time = new AbortController();
    const done: string[] = [];
    const work = async ({ slug }: TenantRef) => {
      done.push(slug);
      time.abort(new Error('late'));
    };
    await expect(eachTenant(directory, 'jobs.sweep', work, time)).rejects.toThrow('late');
    expect(done).toEqual(['acme']);
  });
});
