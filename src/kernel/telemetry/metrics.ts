import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A number read when somebody asks for the metrics, or one number for each value of a label. */
export type GaugeSource = () => number | Promise<number> | ReadonlyMap<string, number> | Promise<ReadonlyMap<string, number>>;

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What Prometheus may ask. Labels are bounded: operation ids and status classes, never a tenant, path or id.
 * Parts of the kernel add their gauges by `gauge()`.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly durations: Histogram<'operation' | 'status'>;
  private readonly series = new Map<string, Histogram.Internal<'operation' | 'status'>>();
  private collecting = false;

  constructor() {
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from request to the end of its answer, by operation and status class.',
      labelNames: ['operation', 'status'],
      buckets: BUCKETS,
      registers: [this.registry],
    });
  }

  /** Notes a served request. */
  observe(operation: string, status: number, seconds: number): void {
    const statusClass = `${Math.floor(status / 100)}xx`;
    const key = `${operation} ${statusClass}`;
    let series = this.series.get(key);
    if (series === undefined) {
      series = this.durations.labels(operation, statusClass);
      this.series.set(key, series);
    }
    series.observe(seconds);
  }

  /** Registers a gauge that is read at scrape time. With `label`, the source answers a map of label value to number. */
  gauge(name: string, help: string, source: GaugeSource, label?: string): void {
    const gauge: Gauge = new Gauge({
      name: `fluxion_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.registry],
      collect: async () => {
        const value = await source();
        if (typeof value === 'number') return gauge.set(value);
        gauge.reset();
        for (const [key, number] of value) gauge.set({ [label ?? 'name']: key }, number);
      },
    });
  }

  /** The text that Prometheus reads. Process figures are collected from the first question on: they cost a timer. */
  async text(): Promise<string> {
    if (!this.collecting) {
      this.collecting = true;
      collectDefaultMetrics({ register: this.registry });
    }
    return this.registry.metrics();
  }
}
