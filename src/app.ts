import { RequestMethod, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessControl } from './kernel/auth/access-control.js';
import { AUTHENTICATOR, type Authenticator } from './kernel/auth/authenticator.js';
import type { Config } from './kernel/config/config.js';
import { ProblemFilter } from './kernel/errors/problem.filter.js';
import { ApiAdapter } from './kernel/http/api-adapter.js';
import { LoadShedder } from './kernel/http/load-shedder.js';
import { RateLimits } from './kernel/http/rate-limits.js';
import { registerHooks } from './kernel/http/request-hooks.js';
import { ValidationPipe } from './kernel/http/validation.pipe.js';
import { AppLogger } from './kernel/logging/logger.js';
import { Metrics } from './kernel/telemetry/metrics.js';
import { registerTelemetry } from './kernel/telemetry/request-telemetry.js';

export const PREFIX = 'v1';

const OUTSIDE_PREFIX = ['health/live', 'health/ready', 'metrics'].map((path) => ({ path, method: RequestMethod.GET }));

/** Where the operations are: the document and the application must agree. */
export function setPrefix(app: INestApplication): void {
  app.setGlobalPrefix(PREFIX, { exclude: OUTSIDE_PREFIX });
}

/** Headers that a browser's script may read. */
const EXPOSED = [
  'ETag',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'Idempotency-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

export interface AppOptions {
  config: Config;
  /** AppModule.of(...), or a module of a test's own */
  module: DynamicModule | Type;
  logger: AppLogger;
}

/**
 * The application with its global behaviour, not yet listening; the process and the tests use the same, so that neither can drift.
 * The caller adds the documentation where it is wanted, before `init()` or `listen()`.
 */
export async function createApp({ config, module, logger }: AppOptions): Promise<NestFastifyApplication> {
  const adapter = new ApiAdapter(config);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  setPrefix(app);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  if (config.CORS_ORIGINS.length > 0) {
    app.enableCors({
      origin: config.CORS_ORIGINS.includes('*') ? '*' : config.CORS_ORIGINS,
      exposedHeaders: EXPOSED,
      maxAge: 600,
    });
  }
  const authenticator = app.get<Authenticator>(AUTHENTICATOR, { strict: false });
  registerHooks(adapter.getInstance(), {
    access: new AccessControl(authenticator, config.TENANT_DOMAIN),
    limits: app.get(RateLimits),
    load: app.get(LoadShedder),
  });
  registerTelemetry(adapter.getInstance(), app.get(Metrics), logger);
  return app;
}
