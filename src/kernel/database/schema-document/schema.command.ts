import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateQueue } from '../../jobs/queue-lane.js';
import type { CommandInput } from '../../runtime/commands.js';
import { startEmbeddedPostgres } from '../../runtime/embedded-postgres.js';
import { UsageError } from '../../runtime/start-options.js';
import { prepareDatabase } from '../prepare.js';
import { withClient } from '../topology.js';
import { schemaDocument } from './schema-document.js';

/** Starts a throw-away server, prepares it as a start does and reads it. */
async function documentOfFreshDatabase(): Promise<string> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'fluxion-schema-'));
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings });
  try {
    const { topology } = await prepareDatabase({ DATABASE_URL: server.url }, migrateQueue);
    return await withClient(topology.direct, schemaDocument);
  } finally {
    await server.stop({ remove: true });
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** `schema --write FILE` writes the document, `schema --check FILE` fails when the file is another, without either it is printed. */
export async function schema({ options, print }: CommandInput): Promise<number> {
  const { write, check } = options;
  if (write !== undefined && check !== undefined) throw new UsageError('--write or --check, not both');
  const text = await documentOfFreshDatabase();
  if (typeof check === 'string') {
    if (readFileSync(check, 'utf8') === text) return 0;
    print(`${check} is not what the database is: run npx fluxion schema --write ${check} and commit it`);
    return 1;
  }
  if (typeof write !== 'string') {
    print(text.trimEnd());
    return 0;
  }
  mkdirSync(path.dirname(path.resolve(write)), { recursive: true });
  writeFileSync(write, text);
  return 0;
}
