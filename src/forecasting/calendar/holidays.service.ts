import { Injectable } from '@nestjs/common';
import { assertAllStores } from '../../kernel/auth/store-scope.js';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { JobQueue } from '../../kernel/jobs/job-queue.js';
import { localDateOf } from '../../kernel/time/zone.js';
import type { AddedHolidaysDto, AddHolidaysDto } from './calendar.dto.js';
import { CalendarRepository } from './calendar.repository.js';
import { HolidaysRepository } from './holidays.repository.js';
import { countryOf, nationalHolidays, type HolidayCountry } from '../../kernel/holidays/national-holidays.js';

/** A year has fewer holidays than this. */
const MOST = 200;

/** National holidays as days of the calendar, which people may then change: a shop may be open that day, so none is `closed`. */
@Injectable()
export class HolidaysService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly holidays: HolidaysRepository,
    private readonly calendar: CalendarRepository,
    private readonly jobs: JobQueue,
  ) {}

  /** Adds those of a year that the calendar does not have; asked again, it adds nothing. */
  async add({ country, year }: AddHolidaysDto): Promise<AddedHolidaysDto> {
    assertAllStores();
    return this.unit.transaction(async () => {
      const added = await this.put(country, year);
      if (added > 0) await this.jobs.add('alerts.refresh', {});
      const days = await this.calendar.list({
        from: `${year}-01-01`,
        to: `${year}-12-31`,
        kind: 'holiday',
        scope: null,
        limit: MOST,
      });
      return { country, year, added, days: days.filter(({ storeId }) => storeId === null) };
    });
  }

  /** Adds those of this and the next year of the country where the tenant's clocks are, each year once. @returns how many were added */
  async keepAhead(): Promise<number> {
    const { timezone } = tenantScope().tenant.settings;
    const country = countryOf(timezone);
    if (country === null) return 0;
    const thisYear = Number(localDateOf(new Date(), timezone).slice(0, 4));
    return this.unit.transaction(async () => {
      const kept = await this.holidays.kept();
      let added = 0;
      for (const year of [thisYear, thisYear + 1])
        if (!kept.includes(keyOf(country, year))) added += await this.put(country, year);
      return added;
    });
  }

  private async put(country: HolidayCountry, year: number): Promise<number> {
    await this.holidays.keep(keyOf(country, year));
    return this.holidays.add(nationalHolidays(country, year));
  }
}

const keyOf = (country: HolidayCountry, year: number): string => `${country}-${year}`;
