import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry } from '../telemetry/health.registry.js';
import { RegistryDatabase } from './registry-database.js';
import { readSqlFiles } from './sql-files.js';
import { DATABASE_TOPOLOGY, laneConnection, projectRoot, withClient, type DatabaseTopology } from './topology.js';
import { checkWalls } from './walls.js';

/** Walls and migrations change with deployments, not with requests. */
const FRESH_MS = 30_000;

/** Health checks `database`, `migrations` and `walls`. */
@Injectable()
export class DatabaseHealth implements OnModuleInit {
  constructor(
    @Inject(DATABASE_TOPOLOGY) private readonly topology: DatabaseTopology,
    private readonly registry: RegistryDatabase,
    private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register('database', async () => void (await this.registry.query('SELECT 1')));
    this.health.register(
      'migrations',
      onceIn(FRESH_MS, () => this.checkMigrations()),
    );
    this.health.register(
      'walls',
      onceIn(FRESH_MS, () => withClient(laneConnection(this.topology, 'owner'), (c) => checkWalls(c, this.topology.roles.login))),
    );
  }

  private async checkMigrations(): Promise<void> {
    const files = await readSqlFiles(`${projectRoot}/migrations`);
    const applied = await withClient(laneConnection(this.topology, 'owner'), async (client) => {
      const { rows } = await client.query<{ version: number }>('SELECT version FROM shared.schema_migrations');
      return new Set(rows.map((row) => row.version));
    });
    const missing = files.filter((file) => !applied.has(file.version)).map((file) => file.name);
    if (missing.length > 0) throw new Error(`not applied: ${missing.join(', ')}`);
  }
}

/** A check whose good answer counts for a while; a bad one is looked at again each time. */
function onceIn(ms: number, check: () => Promise<void>): () => Promise<void> {
  let goodUntil = 0;
  return async () => {
    if (performance.now() < goodUntil) return;
    await check();
    goodUntil = performance.now() + ms;
  };
}
