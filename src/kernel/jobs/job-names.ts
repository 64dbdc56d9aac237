import { Inject, Injectable } from '@nestjs/common';
import { RegistryDatabase } from '../database/registry-database.js';
import { JobRegistry } from './job-registry.js';
import { QUEUE_BACKEND, type QueueBackend } from './queue-backend.js';

const MISSING = `SELECT q AS queue, n AS name FROM unnest($1::text[], $2::text[]) AS x (q, n)
   WHERE NOT EXISTS (SELECT FROM shared.job_names j WHERE j.queue = q AND j.name = n)`;
const ADD =
  'INSERT INTO shared.job_names (queue, name) SELECT q, n FROM unnest($1::text[], $2::text[]) AS x (q, n) ON CONFLICT DO NOTHING';
const BACKEND = `INSERT INTO shared.system_config (key, value) VALUES ('queue_backend', to_jsonb($1::text))
   ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now() WHERE shared.system_config.value <> excluded.value`;

/** Keeps the gate's two tables of what it cannot know: the jobs a tenant may enqueue, and the backend that is in use. */
@Injectable()
export class JobNames {
  constructor(
    private readonly registry: JobRegistry,
    private readonly database: RegistryDatabase,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
  ) {}

  /** Names are added and never removed: an older process may still enqueue them. */
  async publish(): Promise<void> {
    const jobs = this.registry.all().filter((handler) => !handler.platform);
    const missing = await this.database.query<{ queue: string; name: string }>(MISSING, [
      jobs.map((job) => job.queue),
      jobs.map((job) => job.name),
    ]);
    if (missing.length > 0) await this.database.query(ADD, [missing.map((row) => row.queue), missing.map((row) => row.name)]);
    await this.database.query(BACKEND, [this.backend.kind]);
  }
}
