import { Module, type DynamicModule } from '@nestjs/common';
import { ForecastingModule } from './forecasting/index.js';
import { InventoryModule } from './inventory/index.js';
import { AuthModule } from './kernel/auth/auth.module.js';
import { ConfigModule } from './kernel/config/config.module.js';
import type { Config } from './kernel/config/config.js';
import { DatabaseModule } from './kernel/database/database.module.js';
import type { DatabaseTopology } from './kernel/database/topology.js';
import { EventsModule } from './kernel/events/events.module.js';
import { HttpModule } from './kernel/http/http.module.js';
import { JobsModule } from './kernel/jobs/jobs.module.js';
import { SalesModule } from './sales/index.js';
import { TelemetryModule } from './kernel/telemetry/telemetry.module.js';
import { TenancyModule } from './tenancy/index.js';

export interface AppModuleOptions {
  /** true in the process that works on jobs */
  workers: boolean;
}

/** The kernel and every feature: the same in the API, in the worker and in commands. */
@Module({})
export class AppModule {
  static of(config: Config, topology: DatabaseTopology, { workers }: AppModuleOptions = { workers: false }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        TelemetryModule,
        AuthModule,
        DatabaseModule.register({ topology, poolSize: config.POOL_SIZE }),
        JobsModule.register({ workers }),
        EventsModule,
        HttpModule,
        TenancyModule,
        InventoryModule,
        SalesModule,
        ForecastingModule,
      ],
    };
  }
}
