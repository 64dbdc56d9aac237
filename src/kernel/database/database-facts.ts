import type { StartFacts } from '../config/config-rules.js';
import { withClient } from './topology.js';

/**
 * What only the database can say about a start. An unreachable database leaves the fact open: the start then fails for that reason
 * after the other refusals were named.
 */
export async function databaseFacts(url: string): Promise<StartFacts> {
  try {
    return await withClient({ connectionString: url, connectionTimeoutMillis: 5_000 }, async (client) => {
      const { rows } = await client.query<{ superuser: boolean }>(
        'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = session_user',
      );
      return rows[0] ? { databaseSuperuser: rows[0].superuser } : {};
    });
  } catch {
    return {};
  }
}
