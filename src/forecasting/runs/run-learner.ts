import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../kernel/database/unit-of-work.js';
import { ENGINE_VERSION } from '../engine/series.js';
import { BatchesRepository } from './batches.repository.js';
import { KnowledgeRepository } from './knowledge.repository.js';
import { RunFlow } from './run-flow.js';
import { RunEndedError, whileOpen } from './run-watch.js';
import { RunsRepository } from './runs.repository.js';
import { SeriesForecaster } from './series-forecaster.js';

/** Has a run learn from its sample before its batches are forecast. */
@Injectable()
export class RunLearner {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly batches: BatchesRepository,
    private readonly knowledge: KnowledgeRepository,
    private readonly forecaster: SeriesForecaster,
    private readonly flow: RunFlow,
  ) {}

  /** Learns, keeps what was learned and hands out the batches, all or nothing; a second time it does nothing. @throws the signal's reason */
  async learn(runId: string, signal: AbortSignal): Promise<void> {
    const run = await this.runs.find(runId);
    if (run?.phase !== 'learn' || !(await this.flow.mayGoOn(runId))) return;
    const sample = await this.batches.sample(runId);
    const { asOf, horizonDays, spareDays } = run;
    const parts = sample.map((pairs) => ({ pairs, asOf, horizonDays, spareDays }));
    try {
      const open = () => this.flow.mayGoOn(runId);
      const knowledge = await whileOpen(signal, open, (stop) => this.forecaster.learn(parts, stop));
      const series = sample.reduce((sum, part) => sum + part.length, 0);
      await this.unit.transaction(async () => {
        if (await this.flow.learned(runId)) await this.knowledge.keep(runId, ENGINE_VERSION, series, knowledge);
      });
    } catch (error) {
      if (!(error instanceof RunEndedError)) throw error;
    }
  }
}
