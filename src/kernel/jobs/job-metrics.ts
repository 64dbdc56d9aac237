import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';

/** What became of one attempt. */
export type JobOutcome = 'completed' | 'retried' | 'failed' | 'postponed' | 'discarded' | 'handed_back';

/** Counters of the jobs; names are those of the registry, so the labels are bounded. */
@Injectable()
export class JobMetrics {
  private readonly attempts: Counter<'name' | 'outcome'>;
  private readonly duration: Histogram<'name'>;

  constructor({ registry }: Metrics) {
    this.attempts = new Counter({
      name: 'fluxion_jobs_total',
      help: 'Attempts at jobs by name and outcome',
      labelNames: ['name', 'outcome'],
      registers: [registry],
    });
    this.duration = new Histogram({
      name: 'fluxion_job_duration_seconds',
      help: 'Time one attempt took',
      labelNames: ['name'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
      registers: [registry],
    });
  }

  record(name: string, outcome: JobOutcome, seconds?: number): void {
    this.attempts.inc({ name, outcome });
    if (seconds !== undefined) this.duration.observe({ name }, seconds);
  }
}
