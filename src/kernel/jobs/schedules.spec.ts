import type { PlatformSchedule } from './queue-backend.js';
import { applySchedules, isCurrent, type ScheduleQueue } from './schedules.js';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const MINUTE = 60_000;

const newSchedule = (overrides: Partial<PlatformSchedule> = {}): PlatformSchedule => ({
  queue: 'maintenance',
  name: 'jobs.sweep',
  timing: { every: 15 * MINUTE },
  attempts: 1,
  backoff: { type: 'fixed', delay: 100 },
  ...overrides,
});

describe('isCurrent', () => {
  const known = { key: 'jobs.sweep', name: 'jobs.sweep', every: 15 * MINUTE, next: NOW + MINUTE };

  it('should leave a scheduler alone that is as wished: writing it would move its next run', () => {
    expect(isCurrent(known, newSchedule(), NOW)).toBe(true);
  });

  it('should see another interval, pattern or zone', () => {
    expect(isCurrent(known, newSchedule({ timing: { every: MINUTE } }), NOW)).toBe(false);
    expect(isCurrent(known, newSchedule({ timing: { cron: '0 3 * * *' } }), NOW)).toBe(false);
    const cron = { key: 'x', name: 'x', pattern: '0 3 * * *', next: NOW + MINUTE };
    expect(isCurrent(cron, newSchedule({ timing: { cron: '0 3 * * *' } }), NOW)).toBe(true);
    expect(isCurrent(cron, newSchedule({ timing: { cron: '0 3 * * *', tz: 'America/Caracas' } }), NOW)).toBe(false);
  });

  it('should see one that is missing or whose chain broke', () => {
    expect(isCurrent(undefined, newSchedule(), NOW)).toBe(false);
    expect(isCurrent({ ...known, next: NOW - 11 * MINUTE }, newSchedule(), NOW)).toBe(false);
  });
});

describe('applySchedules', () => {
  const newQueue = (keys: string[], error?: Error) => {
    const calls: string[] = [];
    const queue: ScheduleQueue = {
      getJobSchedulers: () => Promise.resolve(keys.map((key) => ({ key, name: key, every: MINUTE, next: NOW }))),
      upsertJobScheduler: (id, repeat) => {
        calls.push(`upsert ${id} ${JSON.stringify(repeat)}`);
        return error ? Promise.reject(error) : Promise.resolve({});
      },
      removeJobScheduler: (id) => {
        calls.push(`remove ${id}`);
        return Promise.resolve(true);
      },
    };
    return { queue, calls };
  };

  it('should write what is missing and remove what nobody wishes', async () => {
    const { queue, calls } = newQueue(['old.one']);
    await applySchedules(queue, [newSchedule(), newSchedule({ name: 'a.cron', timing: { cron: '5 4 * * *' } })], NOW);
    expect(calls).toEqual([
      'upsert jobs.sweep {"every":900000}',
      'upsert a.cron {"pattern":"5 4 * * *","tz":"UTC"}',
      'remove old.one',
    ]);
  });

  it('should not mind another process that wrote the same at the same moment', async () => {
    const { queue } = newQueue([], new Error('job ID already exists'));
    await expect(applySchedules(queue, [newSchedule()], NOW)).resolves.toBeUndefined();
    const broken = newQueue([], new Error('connection lost'));
    await expect(applySchedules(broken.queue, [newSchedule()], NOW)).rejects.toThrow('connection lost');
  });
});
