import { uuidV7 } from '../database/uuid-v7.js';
import { uuidV7Time } from '../database/uuid-v7.js';
import { jobId } from './job-id.js';

describe('jobId', () => {
  const tenant = '018f4f4e-0000-7000-8000-000000000001';

  it('should keep v4 and v7 uuids', () => {
    const v4 = 'b6c0ab6e-6a52-4f2b-9d3e-1f9a3c0d7e11';
    expect(jobId(tenant, 'mail', v4)).toBe(v4);
    const v7 = uuidV7();
    expect(jobId(tenant, 'mail', v7)).toBe(v7);
  });

  it('should make a v8 uuid of tenant, queue and cause', () => {
    const id = jobId(tenant, 'mail', 'report-2026');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(jobId(tenant, 'mail', 'report-2026')).toBe(id);
    expect(jobId(tenant, 'alerts', 'report-2026')).not.toBe(id);
    expect(jobId(undefined, 'mail', 'report-2026')).not.toBe(id);
  });

  it('should not let a v8 or v5 uuid pass as random: another tenant could take it first', () => {
    const cause = jobId(tenant, 'mail', 'x');
    expect(jobId(tenant, 'mail', cause)).not.toBe(cause);
  });

  it('should make a random v7 id when none is given', () => {
    const before = Date.now();
    const id = jobId(tenant, 'mail', undefined);
    expect(uuidV7Time(id).getTime()).toBeGreaterThanOrEqual(before);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
  });
});
