import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateQueue } from '../../jobs/queue-lane.js';
import { startEmbeddedPostgres } from '../../runtime/embedded-postgres.js';
import { prepareDatabase } from '../prepare.js';
import { withClient } from '../topology.js';
import { schemaDocument } from './schema-document.js';

/** The document as text: starts a throw-away server, prepares it as a start does and reads it. */
export async function schemaText(): Promise<string> {
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
