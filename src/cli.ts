#!/usr/bin/env node
import { dbMigrate, dbRoles, dbSetup } from './kernel/database/database.commands.js';
import { type Command, runCommand } from './kernel/runtime/commands.js';
import { UsageError } from './kernel/runtime/start-options.js';
import { tenantCommands } from './tenant.commands.js';

const openapi: Command = {
  name: 'openapi',
  usage: '[--write FILE | --check FILE]',
  summary: 'writes the API document made from the code, or compares a file with it',
  options: { write: { type: 'string' }, check: { type: 'string' } },
  run: async (input) => (await import('./openapi.command.js')).openapi(input),
};

const schema: Command = {
  name: 'schema',
  usage: '[--write FILE | --check FILE]',
  summary: 'writes the document of the database schema, or compares a file with it',
  options: { write: { type: 'string' }, check: { type: 'string' } },
  run: async (input) => (await import('./kernel/database/schema-document/schema.command.js')).schema(input),
};

/** Every command of `npx fluxion`. A module that brings one exports it as a Command; what it needs it imports when it runs. */
const COMMANDS: readonly Command[] = [openapi, schema, dbRoles, dbSetup, dbMigrate, ...tenantCommands];

try {
  process.exitCode = await runCommand(COMMANDS, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError ? `fluxion: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
