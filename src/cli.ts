#!/usr/bin/env node
import { ConfigError } from './kernel/config/config-error.js';
import { dbAudit, dbMigrate, dbRoles, dbSetup } from './kernel/database/database.commands.js';
import { type Command, runCommand } from './kernel/runtime/commands.js';
import { documentCommand } from './kernel/runtime/document-command.js';
import { UsageError } from './kernel/runtime/start-options.js';
import { tenantCommands } from './tenant.commands.js';

const openapi = documentCommand({
  name: 'openapi',
  subject: 'API document made from the code',
  text: async () => (await import('./openapi-text.js')).documentText(),
});

const schema = documentCommand({
  name: 'schema',
  subject: 'document of the database schema',
  text: async () => (await import('./kernel/database/schema-document/schema-text.js')).schemaText(),
});

/** Every command of `npx fluxion`. A module that brings one exports it as a Command; what it needs it imports when it runs. */
const COMMANDS: readonly Command[] = [openapi, schema, dbRoles, dbSetup, dbMigrate, dbAudit, ...tenantCommands];

try {
  process.exitCode = await runCommand(COMMANDS, process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageError || error instanceof ConfigError ? `fluxion: ${error.message}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
