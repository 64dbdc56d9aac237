import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DatabaseHealth } from './database-health.js';
import { openDataSource } from './data-source.js';
import { DatabaseNotifications } from './notifications.js';
import { RegistryDatabase } from './registry-database.js';
import { TenantPool } from './tenant-pool.js';
import { DATABASE_TOPOLOGY, type DatabaseTopology } from './topology.js';
import { UnitOfWork } from './unit-of-work.js';

export interface DatabaseModuleOptions {
  topology: DatabaseTopology;
  /** connections of tenant traffic */
  poolSize: number;
}

@Global()
@Module({})
class PoolsModule {
  static register(topology: DatabaseTopology, pool: TenantPool): DynamicModule {
    return {
      module: PoolsModule,
      providers: [
        { provide: TenantPool, useValue: pool },
        { provide: DATABASE_TOPOLOGY, useValue: topology },
        { provide: RegistryDatabase, useFactory: () => new RegistryDatabase(topology, 4) },
        { provide: DatabaseNotifications, useFactory: () => new DatabaseNotifications(topology) },
      ],
      exports: [TenantPool, DATABASE_TOPOLOGY, RegistryDatabase, DatabaseNotifications],
    };
  }
}

/** The database of this process: one TypeORM data source and one pool for all tenants, the registry's lane beside them. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(TenantPool) private readonly pool: TenantPool,
    @Inject(RegistryDatabase) private readonly registry: RegistryDatabase,
    @Inject(DatabaseNotifications) private readonly notifications: DatabaseNotifications,
  ) {}

  static register({ topology, poolSize }: DatabaseModuleOptions): DynamicModule {
    const connection = { ...topology.tenant, application_name: 'fluxion tenants' };
    const pool = new TenantPool({ connection, max: poolSize, prepared: topology.prepared });
    return {
      module: DatabaseModule,
      imports: [
        PoolsModule.register(topology, pool),
        TypeOrmModule.forRootAsync({ useFactory: () => ({ type: 'postgres' }), dataSourceFactory: () => openDataSource(pool) }),
      ],
      providers: [
        { provide: UnitOfWork, useFactory: (source: DataSource) => new UnitOfWork(pool, source), inject: [DataSource] },
        DatabaseHealth,
      ],
      exports: [UnitOfWork],
    };
  }

  /** Last of all: HTTP has drained, workers and queues are closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.notifications.end();
    await this.pool.end();
    await this.registry.end();
  }
}
