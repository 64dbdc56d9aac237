import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { ApiSession } from './api-session.js';
import { type SupervisedChild, superviseChild } from './child-process.js';
import { type DatabaseEvent, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { FilesRefusedError } from './files-refused.js';
import { firstAlert } from './first-alert.js';
import { openDataDir } from './location.js';
import { tryLock } from './lock-file.js';
import { DEMO_TENANT, demoLogin } from './demo-login.js';
import { type DemoLogin, RuntimeFile, readyLine } from './runtime-file.js';
import { Shutdown } from './shutdown.js';
import { type StartOptions, UsageError } from './start-options.js';
import { asError } from './system-error.js';
import { dropUnreadOutput } from './unread-output.js';

export interface RunningApi {
  /** base address, http://host:port */
  url: string;
  /** Finishes running requests, then closes what the process holds. */
  close(): Promise<void>;
}

export interface BootRequest {
  /** the tenant's administrator, signed up and logged in */
  session: ApiSession;
  /** where the demo's files and the note of what is in are kept */
  dataDir: string;
  /** the folder to take in; absent: the simulated demo */
  folder?: { path: string; shift: boolean };
  log: (line: string) => void;
  signal: AbortSignal;
}

/** What the supervisor runs; it knows neither Nest nor a feature. */
export interface Product {
  /** the worker's module */
  worker: string;
  /** makes roles and brings schema `shared` and the template to the newest version */
  migrate(env: NodeJS.ProcessEnv): Promise<void>;
  startApi(env: NodeJS.ProcessEnv): Promise<RunningApi>;
  /** takes the tenant's files in over HTTP and has its demand forecast; a second time it changes nothing */
  boot(request: BootRequest): Promise<void>;
}

type Log = (line: string) => void;

/** what a worker has after its jobs ended, before it is killed */
const CLOSING_MS = 2_000;
const DEMO_NAME = 'Fluxion Demo (datos simulados)';

/**
 * Runs the whole product in development: database, API in this process, worker beside it, and the demo or a folder of files.
 * @param load gives the product; called while the database starts, since loading it takes as long
 */
export async function supervise(options: StartOptions, config: Config, load: () => Promise<Product>, log: Log): Promise<void> {
  dropUnreadOutput();
  let worker: SupervisedChild | undefined;
  const shutdown = new Shutdown(log, undefined, () => worker?.kill());
  shutdown.listen();
  try {
    const dataDir = openDataDir(config.DATA_DIR);
    holdDataDir(dataDir, shutdown);
    const file = new RuntimeFile(dataDir, log);
    shutdown.add('runtime.json', async () => file.remove());
    const env = process.env;
    const [database, product] = await Promise.all([openDatabase(config, dataDir, file, shutdown, log), load()]);
    if (database) env.DATABASE_URL = database.url;
    await shutdown.start(
      'migration',
      () => product.migrate(env),
      async () => undefined,
    );
    // its jobs have the configured time; then it still closes its connections
    const patience = config.SHUTDOWN_TIMEOUT * 1000 + CLOSING_MS;
    worker = superviseChild({ module: product.worker, env, log, onStart: (workerPid) => file.update({ workerPid }) });
    const child = worker;
    shutdown.add('worker', () => child.stop(patience));
    const api = await shutdown.start(
      'HTTP and the running jobs',
      () => product.startApi(env),
      // the worker ends beside it: one patience for both, not one after the other
      (running) => Promise.all([running.close(), child.stop(patience)]),
    );
    log(`API ${api.url}  Swagger UI ${api.url}/docs`);
    await child.ready;
    await becomeReady({ options, config, dataDir, product, api, file, database, shutdown, log, child });
  } catch (error) {
    if (shutdown.isStopping) return;
    await shutdown.stop();
    throw error;
  }
}

interface Running {
  options: StartOptions;
  config: Config;
  dataDir: string;
  product: Product;
  api: RunningApi;
  file: RuntimeFile;
  database: EmbeddedPostgres | undefined;
  shutdown: Shutdown;
  log: Log;
  child: SupervisedChild;
}

async function becomeReady(running: Running): Promise<void> {
  const { options, config, dataDir, api, shutdown, log } = running;
  await untilHealthy(api.url, shutdown);
  const slug = options.data?.slug ?? (config.FLUXION_DEMO ? DEMO_TENANT : undefined);
  if (slug === undefined) {
    tellReady(running);
    return;
  }
  const login = demoLogin(dataDir, slug);
  const abort = new AbortController();
  shutdown.add('import', async () => abort.abort());
  const session = new ApiSession(api.url, login, abort.signal);
  const folder = options.data && { path: options.data.folder, shift: options.data.shift };
  if (await session.open(folder ? path.basename(folder.path) : DEMO_NAME)) log(`tenant ${slug}: new`);
  const boot = running.product.boot({ session, dataDir, ...(folder ? { folder } : {}), log, signal: abort.signal });
  const isAlerted = await firstAlert(session, boot, abort.signal);
  if (!isAlerted && (await takenInOrTold(boot, log))) log('no product is below its reorder point');
  if (shutdown.isStopping) return;
  tellReady(running, login);
  // from here on people work with it: what is missing is told, and taken in again by the next start
  if (isAlerted) await boot.catch((error: unknown) => shutdown.isStopping || tellMissing(error, log));
}

/** Files that are wrong do not end the start: what is wrong with them is told here, and can be read at the API in full. */
async function takenInOrTold(boot: Promise<void>, log: Log): Promise<boolean> {
  try {
    await boot;
    return true;
  } catch (error) {
    if (!(error instanceof FilesRefusedError)) throw error;
    tellMissing(error, log);
    return false;
  }
}

function tellMissing(error: unknown, log: Log): void {
  const [first = '', ...more] = error instanceof FilesRefusedError ? error.lines : [asError(error).message];
  log(`not everything was taken in: ${first}`);
  for (const line of more) log(line);
}

function tellReady({ api, file, config, database, child }: Running, demo?: DemoLogin): void {
  const facts = {
    api: api.url,
    docs: `${api.url}/docs`,
    pid: process.pid,
    ...(child.pid === undefined ? {} : { workerPid: child.pid }),
    ...(database ? { postgresPid: database.pid } : {}),
    databaseUrl: config.DATABASE_DIRECT_URL ?? config.DATABASE_URL ?? database?.url ?? '',
    ...(demo ? { demo } : {}),
  };
  file.write(facts);
  // the one line that programs wait for: nothing before it on the line, whatever the logger's form
  process.stdout.write(`${readyLine(facts)}\n`);
}

function holdDataDir(dataDir: string, shutdown: Shutdown): void {
  const held = tryLock(path.join(dataDir, 'start.lock'));
  if (typeof held !== 'function') {
    throw new UsageError(`Fluxion already runs on ${dataDir} (process ${held.pid}). Stop it, or set DATA_DIR to another folder.`);
  }
  shutdown.add('the lock of DATA_DIR', async () => held());
}

/** The embedded server, unless DATABASE_URL names one. */
async function openDatabase(
  config: Config,
  dataDir: string,
  file: RuntimeFile,
  shutdown: Shutdown,
  log: Log,
): Promise<EmbeddedPostgres | undefined> {
  if (config.DATABASE_URL !== undefined) return undefined;
  const onEvent = (event: DatabaseEvent): void => {
    if (event.type === 'down') log('PostgreSQL is gone; starting it again');
    if (event.type === 'failed') log(event.error.message);
    if (event.type !== 'restarted') return;
    log(`PostgreSQL runs again (process ${event.pid})`);
    file.update({ postgresPid: event.pid });
  };
  return shutdown.start(
    'PostgreSQL',
    () => startEmbeddedPostgres({ dataDir, log, onEvent }),
    (database) => database.stop(),
  );
}

async function untilHealthy(api: string, shutdown: Shutdown): Promise<void> {
  while (!shutdown.isStopping) {
    const answer = await fetch(`${api}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await delay(50);
  }
}
