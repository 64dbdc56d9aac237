import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health.registry.js';
import { Metrics } from './metrics.js';

/** Where every part of a process, API or worker, registers its health checks and gauges. */
@Global()
@Module({ providers: [HealthRegistry, Metrics], exports: [HealthRegistry, Metrics] })
export class TelemetryModule {}
