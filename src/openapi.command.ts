import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { setPrefix } from './app.js';
import { readConfig } from './kernel/config/config.js';
import { databaseRoles, rolePrefix } from './kernel/database/roles.js';
import type { CommandInput } from './kernel/runtime/commands.js';
import { UsageError } from './kernel/runtime/start-options.js';
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

/** `openapi --write FILE` writes the document, `openapi --check FILE` fails when the file is another, without either it is printed. */
export async function openapi({ options, print }: CommandInput): Promise<number> {
  const { write, check } = options;
  if (write !== undefined && check !== undefined) throw new UsageError('--write or --check, not both');
  const text = await documentText();
  if (typeof check === 'string') {
    if (read(check) === text) return 0;
    print(`${check} is not what the code says: run npm run openapi and commit it`);
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

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
