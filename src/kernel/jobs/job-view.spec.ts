import { jobView } from './job-view.js';
import type { JobRecord } from './queue-backend.js';

const newRecord = (overrides: Partial<JobRecord> = {}): JobRecord => ({
  id: '01980000-0000-7000-8000-000000000001',
  name: 'forecast.run',
  queue: 'forecasts',
  tenant: 'a',
  state: 'active',
  progress: 0,
  result: null,
  failedReason: undefined,
  createdAt: new Date('2026-05-01T12:00:00Z'),
  startedAt: undefined,
  finishedAt: undefined,
  ...overrides,
});

describe('jobView', () => {
  it('should show progress as an object', () => {
    expect(jobView(newRecord()).progress).toBeNull();
    expect(jobView(newRecord({ progress: 40 })).progress).toEqual({ percent: 40 });
    expect(jobView(newRecord({ progress: { rows: 7 } })).progress).toEqual({ rows: 7 });
  });

  it('should show a result only of a completed job, and always as an object', () => {
    expect(jobView(newRecord({ state: 'completed', result: { series: 3 } })).result).toEqual({ series: 3 });
    expect(jobView(newRecord({ state: 'completed', result: [1] })).result).toEqual({ value: [1] });
    expect(jobView(newRecord({ state: 'completed', result: null })).result).toBeNull();
    expect(jobView(newRecord({ state: 'active', result: { series: 3 } })).result).toBeNull();
  });

  it('should show the code of a problem and nothing of an unexpected error', () => {
    const error = (failedReason: string) => jobView(newRecord({ state: 'failed', failedReason })).error;
    expect(error('imports.unknown_column: column x')).toEqual({ code: 'imports.unknown_column', detail: 'column x' });
    expect(error('imports.unknown_column')).toEqual({ code: 'imports.unknown_column', detail: 'imports.unknown_column' });
    for (const inner of ['duplicate key value violates "users_email_key"', 'connect ECONNREFUSED 10.0.0.1:5432', 'Error: a.b: c'])
      expect(error(inner)).toEqual({ code: 'jobs.failed', detail: expect.not.stringContaining(inner) as string });
    expect(jobView(newRecord({ failedReason: 'an earlier attempt' })).error).toBeNull();
  });

  it('should call a job that waits for its children waiting', () => {
    expect(jobView(newRecord({ state: 'waiting-children' })).state).toBe('waiting');
  });
});
