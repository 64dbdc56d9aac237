import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import type { RunMetrics } from './runs.repository.js';
import type { SeriesPair } from './series-batches.js';

/** A batch that somebody begins with, and what of its run the work depends on. */
export interface BegunBatch {
  pairs: SeriesPair[];
  lane: number;
  /** how often somebody has begun with it, this time included */
  starts: number;
  /** when: data that are written from now on may be missed */
  readAt: string;
  asOf: string;
  horizonDays: number;
  spareDays: number;
  knowledgeRunId: string | null;
}

interface PairColumns {
  products: string[];
  stores: string[];
  categories: (string | null)[];
  leadTimes: number[];
  lastDays: string[];
}

/** What came of a batch. */
export interface BatchOutcome {
  readAt: string;
  /** expected demand of a day of each series, decimal; null: nothing could be said */
  means: (string | null)[];
  metrics: RunMetrics;
}

export interface QueuedBatch {
  number: number;
  lane: number;
}

const PAIRS = `b.product_ids AS products, b.store_ids AS stores, b.category_ids AS categories, b.lead_times AS "leadTimes",
  b.store_last_days::text[] AS "lastDays"`;

const BEGIN = `
UPDATE forecast_batches b SET starts = b.starts + 1
  FROM forecast_runs r
 WHERE b.run_id = $1 AND b.kind = 'series' AND b.number = $2 AND b.status = 'queued' AND r.id = b.run_id AND r.phase = 'forecast'
RETURNING ${PAIRS}, b.lane, b.starts, clock_timestamp()::text AS "readAt", to_char(r.as_of, 'YYYY-MM-DD') AS "asOf",
  r.horizon_days AS "horizonDays", r.spare_days AS "spareDays", r.knowledge_run_id AS "knowledgeRunId"`;

const pairsOf = ({ products, stores, categories, leadTimes, lastDays }: PairColumns): SeriesPair[] =>
  products.map((productId, i) => ({
    productId,
    storeId: stores[i]!,
    categoryId: categories[i] ?? null,
    leadTimeDays: leadTimes[i]!,
    storeLastDay: lastDays[i]!,
  }));

/** The plan of a run: who has to do what, and what is done. */
@Injectable()
export class BatchesRepository {
  constructor(private readonly unit: UnitOfWork) {}

  async insert(runId: string, kind: 'series' | 'sample', batches: readonly SeriesPair[][]): Promise<void> {
    for (const [number, pairs] of batches.entries())
      await this.unit.execute(
        `INSERT INTO forecast_batches (run_id, kind, number, product_ids, store_ids, category_ids, lead_times, store_last_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          runId,
          kind,
          number,
          pairs.map((pair) => pair.productId),
          pairs.map((pair) => pair.storeId),
          pairs.map((pair) => pair.categoryId),
          pairs.map((pair) => pair.leadTimeDays),
          pairs.map((pair) => pair.storeLastDay),
        ],
        'forecast_batch_insert',
      );
  }

  /** The sample that a run learns from, in parts, in their order. */
  async sample(runId: string): Promise<SeriesPair[][]> {
    const rows = await this.unit.query<PairColumns>(
      `SELECT ${PAIRS} FROM forecast_batches b WHERE b.run_id = $1 AND b.kind = 'sample' ORDER BY b.number`,
      [runId],
    );
    return rows.map(pairsOf);
  }

  /** @returns undefined when it is done, or its run has ended */
  async begin(runId: string, number: number): Promise<BegunBatch | undefined> {
    const [row] = await this.unit.query<Omit<BegunBatch, 'pairs'> & PairColumns>(BEGIN, [runId, number], 'forecast_batch_begin');
    return row && { ...row, pairs: pairsOf(row) };
  }

  /** Marks a batch as done. @returns false when it is done already */
  async finish(runId: string, number: number, { readAt, means, metrics }: BatchOutcome): Promise<boolean> {
    const { rowCount } = await this.unit.execute(
      `UPDATE forecast_batches SET status = 'done', read_at = $3, means = $4, metrics = $5
        WHERE run_id = $1 AND kind = 'series' AND number = $2 AND status = 'queued'`,
      [runId, number, readAt, means, JSON.stringify(metrics)],
    );
    return rowCount === 1;
  }

  /** Takes the first batches that wait, each with a lane from 1 on. */
  queueFirst(runId: string, lanes: number): Promise<QueuedBatch[]> {
    return this.unit.query<QueuedBatch>(
      `UPDATE forecast_batches b SET status = 'queued', lane = f.lane, queued_at = clock_timestamp()
         FROM (SELECT number, row_number() OVER (ORDER BY number) AS lane FROM forecast_batches
                WHERE run_id = $1 AND kind = 'series' AND status = 'waiting' ORDER BY number LIMIT $2) f
        WHERE b.run_id = $1 AND b.kind = 'series' AND b.number = f.number
       RETURNING b.number, b.lane`,
      [runId, lanes],
    );
  }

  /** Takes the next batch that waits into a lane that has become free. The caller holds the run's row. */
  async queueNext(runId: string, lane: number): Promise<QueuedBatch | undefined> {
    const [row] = await this.unit.query<QueuedBatch>(
      `UPDATE forecast_batches SET status = 'queued', lane = $2, queued_at = clock_timestamp()
        WHERE run_id = $1 AND kind = 'series'
          AND number = (SELECT min(number) FROM forecast_batches WHERE run_id = $1 AND kind = 'series' AND status = 'waiting')
       RETURNING number, lane`,
      [runId, lane],
    );
    return row;
  }

  /** Batches whose job was handed out some minutes ago, marked as handed out now. */
  requeue(runId: string, minutes: number): Promise<QueuedBatch[]> {
    return this.unit.query<QueuedBatch>(
      `UPDATE forecast_batches SET queued_at = clock_timestamp()
        WHERE run_id = $1 AND kind = 'series' AND status = 'queued' AND queued_at < now() - make_interval(mins => $2)
       RETURNING number, lane`,
      [runId, minutes],
    );
  }

  /** Figures of the batches, in the order of the plan. */
  async metrics(runId: string): Promise<RunMetrics[]> {
    const rows = await this.unit.query<{ metrics: RunMetrics }>(
      `SELECT metrics FROM forecast_batches WHERE run_id = $1 AND kind = 'series' ORDER BY number`,
      [runId],
    );
    return rows.map((row) => row.metrics);
  }

  /** Forgets the plans of runs that have ended. */
  async dropEnded(): Promise<void> {
    await this.unit.execute(
      `DELETE FROM forecast_batches b USING forecast_runs r WHERE r.id = b.run_id AND r.status IN ('completed', 'failed', 'cancelled')`,
    );
  }
}
