import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { ConfigError } from './kernel/config/config-error.js';
import { readConfig } from './kernel/config/config.js';
import { JobWorkers } from './kernel/jobs/job-workers.js';
import { superviseSelf } from './kernel/runtime/child-process.js';
import { startHeart } from './kernel/runtime/heartbeat.js';
import { loggerOf, openDatabase } from './process.js';

/** What a container's health check looks at. */
const HEARTBEAT_FILE = '/tmp/fluxion-worker';

/** The process that works on jobs: the whole application without HTTP. */
async function open(): Promise<() => Promise<void>> {
  const config = readConfig();
  const logger = loggerOf(config);
  const topology = await openDatabase(config);
  const module = AppModule.of(config, topology, { workers: true });
  const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  await app.get(JobWorkers).start();
  // a child's parent watches it; alone, the file says that the event loop turns
  const heart = process.connected ? undefined : startHeart(HEARTBEAT_FILE, (line) => logger.warn(line, 'Worker'));
  logger.log('works on the queues', 'Worker');
  return async () => {
    clearInterval(heart);
    await app.close();
  };
}

superviseSelf(open).catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
