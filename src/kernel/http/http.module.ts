import { Global, Module } from '@nestjs/common';
import { HealthController } from '../telemetry/health.controller.js';
import { MetricsController } from '../telemetry/metrics.controller.js';
import { Metrics } from '../telemetry/metrics.js';
import { DemoExamples } from '../openapi/demo-examples.js';
import { CursorCodec } from './cursor-codec.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { LoadShedder } from './load-shedder.js';
import { RegistryIdempotencyRepository } from './registry-idempotency.repository.js';
import { RateLimits } from './rate-limits.js';

const SERVICES = [
  CursorCodec,
  DemoExamples,
  IdempotencyInterceptor,
  IdempotencyRepository,
  LoadShedder,
  RateLimits,
  RegistryIdempotencyRepository,
];

/** What controllers need; only in the process that serves HTTP. */
@Global()
@Module({ controllers: [HealthController, MetricsController], providers: SERVICES, exports: SERVICES })
export class HttpModule {
  constructor(metrics: Metrics, load: LoadShedder) {
    metrics.gauge('http_requests_in_flight', 'Requests being served.', () => load.running);
    metrics.gauge('event_loop_lag_seconds', 'How late the event loop was at the last look.', () => load.lagMs / 1000);
  }
}
