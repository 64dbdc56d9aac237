import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { setPrefix } from './app.js';
import { readConfig } from './kernel/config/config.js';
import { databaseRoles, rolePrefix } from './kernel/database/roles.js';
import { buildDocument } from './openapi.js';

@Module({})
class DocumentModule {}

/** The API document as text, made from the code alone: in preview Nest makes no provider, so neither database nor keys are needed. */
export async function documentText(): Promise<string> {
  const topology = {
    database: 'none',
    roles: databaseRoles(rolePrefix('none')),
    tenant: {},
    direct: {},
    superuser: false,
    prepared: true,
  };
  const module: DynamicModule = { module: DocumentModule, imports: [AppModule.of(readConfig({}), topology)] };
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  setPrefix(app);
  return `${JSON.stringify(buildDocument(app), undefined, 2)}\n`;
}
