import { Injectable } from '@nestjs/common';
import { OnEvent } from '../../kernel/events/on-event.js';
import { DailyForEachTenant, OnJob } from '../../kernel/jobs/on-job.js';
import { HolidaysService } from './holidays.service.js';

/** Keeps the national holidays of this and the next year in the calendar. Repeating it changes nothing. */
@Injectable()
export class HolidayJobs {
  constructor(private readonly holidays: HolidaysService) {}

  @OnEvent('tenant.created')
  async tenantCreated(): Promise<void> {
    await this.holidays.keepAhead();
  }

  @OnJob('calendar.holidays', { queue: 'maintenance' })
  @DailyForEachTenant('01:30')
  async daily(): Promise<{ added: number }> {
    return { added: await this.holidays.keepAhead() };
  }
}
