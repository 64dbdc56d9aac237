import { CalendarRepository } from '../../../src/forecasting/calendar/calendar.repository.js';
import { HolidayJobs } from '../../../src/forecasting/calendar/holidays.job.js';
import { HolidaysRepository } from '../../../src/forecasting/calendar/holidays.repository.js';
import { HolidaysService } from '../../../src/forecasting/calendar/holidays.service.js';
import { nationalHolidays } from '../../../src/kernel/holidays/national-holidays.js';
import type { JobQueue } from '../../../src/kernel/jobs/job-queue.js';
import { runAsTenant } from '../../../src/kernel/database/tenant-context.js';
import { localDateOf } from '../../../src/kernel/time/zone.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;
let sut: HolidayJobs;
beforeAll(async () => {
  db = await openMediumDatabase('holidays');
  const jobs = { add: () => Promise.resolve({ id: 'job' }) } as unknown as JobQueue;
  sut = new HolidayJobs(new HolidaysService(db.unit, new HolidaysRepository(db.unit), new CalendarRepository(db.unit), jobs));
});
afterAll(() => db.close());

const thisYear = Number(localDateOf(new Date(), 'America/Caracas').slice(0, 4));
const days = () =>
  db.as(db.acme, () =>
    db.unit.query<{ date: string; kind: string }>(
      `SELECT to_char(date, 'YYYY-MM-DD') AS date, kind FROM calendar_days ORDER BY date`,
    ),
  );
const daily = () => db.as(db.acme, () => sut.daily());

describe('the holidays of a company in Venezuela', () => {
  it('should be those of this and the next year, also when two workers add them at once', async () => {
    await db.as(db.acme, () =>
      db.unit.execute(`INSERT INTO calendar_days (date, kind) VALUES ($1, 'closed')`, [`${thisYear}-12-25`]),
    );
    const all = [thisYear, thisYear + 1].flatMap((year) => nationalHolidays('VE', year).map(({ date }) => date));
    const added = await Promise.all([daily(), daily(), daily()]);
    expect(added.reduce((sum, one) => sum + one.added, 0)).toBe(all.length);
    const found = await days();
    expect(found.filter(({ kind }) => kind === 'holiday').map(({ date }) => date)).toEqual(all);
    expect(found.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
  });

  it('should stay away once people have removed them', async () => {
    await db.as(db.acme, () => db.unit.execute('DELETE FROM calendar_days WHERE date = $1', [`${thisYear + 1}-05-01`]));
    await expect(daily()).resolves.toEqual({ added: 0 });
    expect((await days()).map(({ date }) => date)).not.toContain(`${thisYear + 1}-05-01`);
  });

  it('should not be given to a company whose clocks are elsewhere', async () => {
    const madrid = { ...db.beta, settings: { ...db.beta.settings, timezone: 'Europe/Madrid' } };
    const actor = { user: null, role: null, stores: null, via: 'job:test' };
    await expect(runAsTenant(madrid, actor, () => sut.daily())).resolves.toEqual({ added: 0 });
  });
});
