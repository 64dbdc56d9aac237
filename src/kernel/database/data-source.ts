import { DataSource } from 'typeorm';
import { getMetadataArgsStorage } from 'typeorm';
import { SnakeNamingStrategy } from './naming-strategy.js';
import type { TenantPool } from './tenant-pool.js';
import { typeOrmDriver } from './typeorm-driver.js';

/**
 * ONE TypeORM data source for all tenants: entities carry no schema, the pool's flights say where a name leads.
 * Every entity class that has been imported is known to it.
 */
export async function openDataSource(pool: TenantPool): Promise<DataSource> {
  const { driver, initialized } = typeOrmDriver(pool);
  const dataSource = new DataSource({
    type: 'postgres',
    driver,
    entities: getMetadataArgsStorage().tables.map((table) => table.target),
    namingStrategy: new SnakeNamingStrategy(),
    installExtensions: false,
    synchronize: false,
    logging: false,
  });
  await dataSource.initialize();
  initialized();
  return dataSource;
}
