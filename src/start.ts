import path from 'node:path';
import { ConfigError } from './kernel/config/config-error.js';
import { type Config, readConfig } from './kernel/config/config.js';
import { START_HELP, type StartOptions, UsageError, readStartOptions } from './kernel/runtime/start-options.js';
import { type Product, supervise } from './kernel/runtime/supervisor.js';

/** The API, its worker and what prepares their database. Nest, TypeORM and the features take long to load: the database starts meanwhile. */
export async function loadProduct(): Promise<Product> {
  const [{ startApi }, { prepareDatabase }, { migrateQueue }, { boot }] = await Promise.all([
    import('./main.js'),
    import('./kernel/database/prepare.js'),
    import('./kernel/jobs/queue-lane.js'),
    import('./demo/index.js'),
  ]);
  return {
    worker: path.join(import.meta.dirname, 'worker.js'),
    async migrate(env) {
      const { DATABASE_URL, DATABASE_DIRECT_URL, REDIS_URL } = readConfig(env);
      if (DATABASE_URL === undefined) throw new Error('there is no database to migrate');
      await prepareDatabase({ DATABASE_URL, REDIS_URL, ...(DATABASE_DIRECT_URL ? { DATABASE_DIRECT_URL } : {}) }, migrateQueue);
    },
    startApi: (env) => startApi(readConfig(env)),
    boot,
  };
}

async function run(options: StartOptions, config: Config): Promise<void> {
  // before the migration, which is the first to touch a database
  if (config.NODE_ENV === 'production') await (await import('./process.js')).refuseUnsafeStart(config);
  await supervise(options, config, loadProduct, (line) => console.log(`fluxion: ${line}`));
}

/**
 * `npm start`: runs the product until a signal ends it. What a person did wrong is told without a stack, with exit code 1.
 * @param argv what follows `npm start --`
 */
export async function start(argv: readonly string[]): Promise<void> {
  try {
    const options = readStartOptions(argv);
    if (options.help) console.log(START_HELP);
    else await run(options, readConfig());
  } catch (error) {
    console.error(error instanceof UsageError || error instanceof ConfigError ? `fluxion: ${error.message}` : error);
    process.exit(1);
  }
}
