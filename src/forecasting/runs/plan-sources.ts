import { Injectable } from '@nestjs/common';
import { LEARNING_PAYS_FROM, SAMPLE_SIZE } from '../engine/knowledge.js';
import { ENGINE_VERSION } from '../engine/series.js';
import { ChangedSeriesRepository } from './changed-series.repository.js';
import { KnowledgeRepository } from './knowledge.repository.js';
import type { RunState } from './runs.repository.js';
import { batchesOf, type SeriesPair } from './series-batches.js';
import { historySpan } from './series-input.js';
import { sampleOf } from './series-sample.js';
import { SeriesRepository } from './series.repository.js';

/** Days for which later runs use what one has learned. */
export const KNOWLEDGE_DAYS = 8;

/** What a run has to do. */
export interface Plan {
  batches: SeriesPair[][];
  sample: SeriesPair[];
  knowledgeRunId: string | null;
  kept: number;
  reasons?: Record<string, number>;
}

/** What there is to forecast. */
@Injectable()
export class PlanSources {
  constructor(
    private readonly series: SeriesRepository,
    private readonly changes: ChangedSeriesRepository,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  /** Everything that sold in the span: one pass over the sales. */
  async everything({ asOf, filters }: RunState): Promise<Plan> {
    const sold = await this.series.pairs(historySpan(asOf), filters);
    const pays = sold.length >= LEARNING_PAYS_FROM;
    return { batches: batchesOf(sold), sample: pays ? sampleOf(sold, SAMPLE_SIZE) : [], knowledgeRunId: null, kept: 0 };
  }

  /** What has changed since it was forecast. It uses what an earlier run has learned: a few changed series say little of all of them. */
  async changed({ asOf, filters, horizonDays }: RunState): Promise<Plan> {
    const span = historySpan(asOf);
    const pairs = await this.changes.changed(span, filters, { horizonDays }, ENGINE_VERSION);
    const { kept } = await this.changes.count(span, filters, { horizonDays }, ENGINE_VERSION);
    const reasons: Record<string, number> = {};
    for (const { reason } of pairs) reasons[reason] = (reasons[reason] ?? 0) + 1;
    const knowledgeRunId = await this.knowledge.newest(ENGINE_VERSION, KNOWLEDGE_DAYS);
    const learns = knowledgeRunId === null && pairs.length >= LEARNING_PAYS_FROM;
    const sample = learns
      ? sampleOf(
          pairs.map((pair) => ({ ...pair, lines: 1 })),
          SAMPLE_SIZE,
        )
      : [];
    return { batches: batchesOf(pairs), sample, knowledgeRunId, kept, reasons };
  }
}
