import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { tenantScope } from '../../kernel/database/tenant-context.js';
import { addDays } from '../../kernel/time/zone.js';
import type { PoolKnowledge } from '../engine/knowledge.js';
import type { SeriesForecast, SeriesInput } from '../engine/series.js';
import { ForecastThreads } from './forecast-threads.js';
import { KnowledgeRepository } from './knowledge.repository.js';
import type { SeriesPair } from './series-batches.js';
import { historySpan, horizonOf, seriesInputs, type Ahead } from './series-input.js';
import { SeriesRepository } from './series.repository.js';

/** Runs whose knowledge a process keeps at hand: each may be some megabytes. */
const KEPT_RUNS = 4;
/** ms that a thread may take for a batch, or for a sample */
const THREAD_MS = 25 * 60_000;

/** Series and the day up to which their history is known. */
export interface SeriesTask extends Ahead {
  pairs: readonly SeriesPair[];
  asOf: string;
}

/** Reads series and has them forecast, or learned from, in a thread. */
@Injectable()
export class SeriesForecaster {
  private readonly known = new LRUCache<string, PoolKnowledge>({ max: KEPT_RUNS });

  constructor(
    private readonly series: SeriesRepository,
    private readonly threads: ForecastThreads,
    private readonly knowledge: KnowledgeRepository,
  ) {}

  async forecast(task: SeriesTask & { knowledgeRunId: string | null }, signal: AbortSignal): Promise<SeriesForecast[]> {
    const knowledge = task.knowledgeRunId === null ? undefined : await this.knowledgeOf(task.knowledgeRunId);
    const inputs = await this.read(task);
    return this.threads.forecast(inputs, { signal, timeoutMs: THREAD_MS, ...(knowledge && { knowledge }) });
  }

  /** @param parts read one after the other */
  async learn(parts: readonly SeriesTask[], signal: AbortSignal): Promise<PoolKnowledge> {
    const inputs: SeriesInput[] = [];
    for (const part of parts) {
      signal.throwIfAborted();
      inputs.push(...(await this.read(part)));
    }
    return this.threads.learn(inputs, { signal, timeoutMs: THREAD_MS });
  }

  private async read({ pairs, asOf, ...ahead }: SeriesTask): Promise<SeriesInput[]> {
    const span = historySpan(asOf);
    const longest = Math.max(...pairs.map((pair) => horizonOf(pair, ahead)));
    const rows = await this.series.read(pairs, span, addDays(asOf, longest), tenantScope().tenant.settings.timezone);
    return seriesInputs(pairs, rows, span, ahead);
  }

  /** What a run has learned never changes. */
  private async knowledgeOf(runId: string): Promise<PoolKnowledge | undefined> {
    const known = this.known.get(runId);
    if (known) return known;
    const knowledge = await this.knowledge.of(runId);
    if (knowledge) this.known.set(runId, knowledge);
    return knowledge;
  }
}
