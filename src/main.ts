import { once } from 'node:events';
import { createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { createApp } from './app.js';
import { ConfigError } from './kernel/config/config-error.js';
import { readConfig, type Config } from './kernel/config/config.js';
import { LoadShedder } from './kernel/http/load-shedder.js';
import { type AppLogger } from './kernel/logging/logger.js';
import { Shutdown } from './kernel/runtime/shutdown.js';
import { dropUnreadOutput } from './kernel/runtime/unread-output.js';
import { setUpDocs } from './openapi.js';
import { isProgram, loggerOf, openDatabase } from './process.js';

const MAX_PORT_TRIES = 50;

export interface RunningApi {
  /** base address, http://host:port */
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Stops taking requests, lets the running ones finish, closes what the process holds. A second call waits for the first. */
  close(): Promise<void>;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** Whether nobody listens there. Asked before Nest listens, since Nest logs a taken port as an error. */
async function isFree(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  } finally {
    probe.close();
  }
}

/** Listens on the configured port, or on the next free one. */
async function listen(app: NestFastifyApplication, { HOST, PORT }: Config): Promise<string> {
  const last = PORT === 0 ? 0 : Math.min(PORT + MAX_PORT_TRIES, 65_535);
  for (let port = PORT; ; port++) {
    if (port < last && !(await isFree(HOST, port))) continue;
    try {
      await app.listen(port, HOST);
      return await app.getUrl();
    } catch (error) {
      // another process was faster between question and listening
      if (!isTaken(error) || port >= last) throw error;
    }
  }
}

/** Starts the API on a database whose shared schema is up to date. Nothing listens when it throws. */
export async function startApi(config: Config = readConfig(), logger: AppLogger = loggerOf(config)): Promise<RunningApi> {
  const topology = await openDatabase(config);
  const app = await createApp({ config, module: AppModule.of(config, topology), logger });
  setUpDocs(app, config.PUBLIC_URL);
  const url = await listen(app, config).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  let closing: Promise<void> | undefined;
  return { url, app, close: () => (closing ??= close(app, config.SHUTDOWN_TIMEOUT * 1000)) };
}

async function close(app: NestFastifyApplication, patience: number): Promise<void> {
  const load = app.get(LoadShedder);
  load.stop();
  if (!(await load.drained(patience))) app.getHttpAdapter().getInstance().server.closeAllConnections();
  await app.close();
}

/** `node dist/main.js`: the API alone, as in a container. */
async function run(): Promise<void> {
  dropUnreadOutput();
  const config = readConfig();
  const logger = loggerOf(config);
  const shutdown = new Shutdown((line) => logger.log(line, 'Shutdown'));
  shutdown.listen();
  const api = await startApi(config, logger);
  shutdown.add('HTTP', () => api.close());
  logger.log(`API ${api.url}  Swagger UI ${api.url}/docs`, 'Main');
}

if (isProgram(import.meta.filename)) {
  run().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  });
}
