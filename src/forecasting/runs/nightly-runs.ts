import { Injectable } from '@nestjs/common';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { ENGINE_VERSION } from '../engine/series.js';
import { AfterRun } from './after-run.js';
import { ChangedSeriesRepository } from './changed-series.repository.js';
import { FULL_RUN_EVERY, isFullRunDue } from './full-run-day.js';
import { KnowledgeRepository } from './knowledge.repository.js';
import { RunJobs } from './run-jobs.js';
import { KNOWLEDGE_DAYS } from './plan-sources.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';
import { historySpan } from './series-input.js';

/** runs are kept as long as their forecasts */
const KEPT_DAYS = 400;
/** minutes without any progress after which a run's jobs are handed out again */
const STILL_MINUTES = 10;

/** Runs that nobody has asked for, and care for those that somebody has. */
@Injectable()
export class NightlyRuns {
  constructor(
    private readonly service: RunsService,
    private readonly runs: RunsRepository,
    private readonly changes: ChangedSeriesRepository,
    private readonly knowledge: KnowledgeRepository,
    private readonly jobs: RunJobs,
    private readonly after: AfterRun,
  ) {}

  /**
   * The run of a night: of everything once a week, else of what has changed. Its forecasts reach a week beyond the horizon, so that those
   * of a series in which nothing changes cover it until the next full run.
   * @param day local date of the night
   * @returns null when there is nothing to forecast, or somebody else's run is open
   */
  async start(day: string): Promise<string | null> {
    await this.runs.dropOlder(KEPT_DAYS);
    await this.knowledge.dropOlder(2 * KNOWLEDGE_DAYS);
    const horizonDays = await this.runs.horizonDays();
    const span = historySpan(this.service.yesterday());
    const { changed } = await this.changes.count(span, {}, { horizonDays }, ENGINE_VERSION);
    if (changed === 0) {
      await this.after.withoutRun();
      return null;
    }
    const weekday = tenantScope().tenant.settings.forecastFullRunWeekday;
    const mode = isFullRunDue(day, weekday, await this.runs.lastFullDay()) ? 'full' : 'changed';
    try {
      const night = { trigger: 'schedule', mode, horizonDays, spareDays: FULL_RUN_EVERY, filters: {} } as const;
      return (await this.service.open(night)).id;
    } catch (error) {
      // somebody asked for one a moment ago: that is tonight's
      if (isInProgress(error)) return null;
      throw error;
    }
  }

  /** Hands out again what open runs wait for, where nothing has moved for a while, and gives up those that are hopeless. */
  async resume(): Promise<number> {
    await this.runs.abandonStale();
    const still = await this.runs.still(STILL_MINUTES);
    for (const { id, phase } of still) await this.jobs.again(id, phase, STILL_MINUTES);
    return still.length;
  }
}

function isInProgress(error: unknown): boolean {
  return Reflect.get(Object(error), 'constraint') === 'forecast_runs_one_open';
}
