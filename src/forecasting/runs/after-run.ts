import { Injectable } from '@nestjs/common';
import { AlertReviewService } from '../alerts/alert-review.service.js';
import { AlertsService } from '../alerts/alerts.service.js';
import { SuggestionsService } from '../replenishment/suggestions.service.js';
import type { RunState } from './runs.repository.js';

/** Something that follows from a run that is in force. */
export interface RunStep {
  /** under which its answer is kept with the run */
  name: string;
  /** Idempotent: a process that dies behind it does it again. @returns figures; `raised` and `resolved` are counted in the run's result */
  run(run: RunState, signal: AbortSignal): Promise<Record<string, unknown>>;
}

/** What is done after each completed run, in this order: each step may count on those before it. */
@Injectable()
export class AfterRun {
  readonly steps: readonly RunStep[];

  constructor(
    private readonly lowStock: AlertsService,
    suggestions: SuggestionsService,
    private readonly reviews: AlertReviewService,
  ) {
    this.steps = [
      { name: 'low_stock', run: async () => ({ changed: await lowStock.refresh() }) },
      {
        name: 'suggestions',
        run: async ({ id }) => {
          await suggestions.refreshAfter(id);
          return { asked: true };
        },
      },
      { name: 'alerts', run: async () => ({ ...(await reviews.review()) }) },
    ];
  }

  /** What a night needs in which no forecast has changed: stock may have. Suggestions have a schedule of their own. */
  async withoutRun(): Promise<void> {
    await this.reviews.review();
    await this.lowStock.refresh();
  }
}
