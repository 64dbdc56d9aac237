import { realpathSync } from 'node:fs';
import { ConfigError } from './kernel/config/config-error.js';
import { type Config } from './kernel/config/config.js';
import { assertSafeStart } from './kernel/config/config-rules.js';
import { databaseFacts } from './kernel/database/database-facts.js';
import { type DatabaseTopology, openTopology } from './kernel/database/topology.js';
import { AppLogger } from './kernel/logging/logger.js';

/** What every process of the product begins with, whatever it then does. */
export function loggerOf(config: Config): AppLogger {
  return new AppLogger({ level: config.LOG_LEVEL, json: config.NODE_ENV === 'production' });
}

/** In production, refuses an unsafe start before anything is changed or served, naming every reason at once. */
export async function refuseUnsafeStart(config: Config): Promise<void> {
  const { DATABASE_URL, NODE_ENV } = config;
  if (NODE_ENV === 'production') assertSafeStart(config, DATABASE_URL === undefined ? {} : await databaseFacts(DATABASE_URL));
}

/** The database of this process, when it may start. */
export async function openDatabase(config: Config): Promise<DatabaseTopology> {
  await refuseUnsafeStart(config);
  const { DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_PREPARED } = config;
  if (DATABASE_URL === undefined)
    throw new ConfigError('wrong environment', ['DATABASE_URL is missing: `npm start` starts an embedded database and sets it']);
  return openTopology({ DATABASE_URL, DATABASE_PREPARED, ...(DATABASE_DIRECT_URL ? { DATABASE_DIRECT_URL } : {}) });
}

/** Whether the module of that file is the program itself, however it was called (a link, a relative path). */
export function isProgram(file: string): boolean {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === file;
}
