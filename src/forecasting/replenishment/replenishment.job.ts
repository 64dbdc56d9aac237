import { Injectable } from '@nestjs/common';
import type { JobHandle } from '../../kernel/jobs/job-map.js';
import { DailyForEachTenant, OnJob } from '../../kernel/jobs/on-job.js';
import type { SuggestionsResult } from './replenishment.events.js';
import { Suggester } from './suggester.service.js';

const HALF_AN_HOUR = 30 * 60_000;

/** Suggestions after each forecast run, when somebody asks for them, and every night: stock and orders move without a forecast too. */
@Injectable()
export class ReplenishmentJobs {
  constructor(private readonly suggester: Suggester) {}

  @OnJob('replenishment.suggest', { queue: 'forecasts', timeout: HALF_AN_HOUR, attempts: 5 })
  @DailyForEachTenant('03:30')
  suggest(_: { day: string }, job: JobHandle): Promise<SuggestionsResult> {
    return this.suggester.run({ signal: job.signal, stored: (items) => job.updateProgress({ items }) });
  }
}
