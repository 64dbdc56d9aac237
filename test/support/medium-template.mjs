import pg from 'pg';
import { migrateQueue } from '../../dist/kernel/jobs/queue-lane.js';
import { prepareDatabase } from '../../dist/kernel/database/prepare.js';
import { TenantFactory } from '../../dist/kernel/database/tenant-factory.js';
import { databaseUrl } from './database-url.mjs';

export const TEMPLATE = 'fluxion_medium_template';
const settings = { timezone: 'America/Caracas', currency: 'USD', secondCurrency: 'VES', locale: 'es-VE' };

/** A database that start-up has prepared, with the tenants acme and beta: medium specs work on clones of it (a fraction of a second). */
export async function buildTemplate(server) {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0`);
  await client.end();
  const { topology } = await prepareDatabase({ DATABASE_URL: databaseUrl(server, TEMPLATE) }, migrateQueue);
  const factory = new TenantFactory(topology);
  for (const slug of ['acme', 'beta']) {
    await factory.create(
      { slug, name: slug, settings },
      { email: `admin@${slug}.example`, fullName: 'Admin', passwordHash: 'none' },
    );
  }
}
